"""How a page's form is saved: alone, beside others who save, or only to see what it would make.

A form says which version it was made of (`based_on`). If others have saved since, its data are
put on top of that version, in a transaction that is undone, and the document that comes of it
is merged with the draft.
"""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.messages.storage import default_storage
from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.text import get_text_list

from causes.admin.widgets import is_id
from causes.editorial.documents import document, owner_field, restore, row_lists
from causes.editorial.publishing import record
from causes.editorial.saving import base_document, save_beside, with_later_rows
from causes.models import Page, Revision


class DocumentMade(Exception):
    """What a form's data make of a page; raised so that all of it is undone."""

    def __init__(self, page: Page) -> None:
        self.page, self.document = page, document(page)

    def leave_out(self, places: set[tuple[str, str]]) -> None:
        """Take rows, as (list, anchor), out of the document."""
        for name, _ in row_lists(self.document["kind"]):
            rows = self.document[name]
            self.document[name] = [row for row in rows if (name, row["anchor"]) not in places]


class SavingScreens(admin.ModelAdmin):
    """The saving half of a page's admin."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        try:
            response = self._sent(request, object_id, *args, **kwargs)
        except IntegrityError:
            # Somebody merged a tag or deleted a record that the form names while it was saved.
            # Looked at again, the form finds that itself and says so beside the field.
            request._messages = default_storage(request)  # of what is undone none is true
            response = self._sent(request, object_id, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect) and asks_for_json(request):
            return JsonResponse({"location": response.url})
        return response

    def _sent(
        self, request: HttpRequest, object_id: str | None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        page = self.get_object(request, object_id) if object_id else None
        if page is None or not self.has_change_permission(request, page):
            return super().changeform_view(request, object_id, *args, **kwargs)
        with transaction.atomic():
            return self._save(request, page)

    def _save(self, request: HttpRequest, page: Page) -> HttpResponse:
        """Locks the page, so that of two saves at the same time the second sees the first."""
        Page.objects.select_for_update().get(pk=page.pk)
        newest, based_on = page.revisions.in_line().first(), version_named(request.POST)
        if newest is None or newest.number == based_on:
            return super().changeform_view(request, str(page.pk))
        made = self.document_made(request, page)
        if isinstance(made, HttpResponse):
            return made
        since = page.revisions.in_line().filter(number__gt=based_on or newest.number - 1)
        said = _who_saved(list(since) or [newest], request.user)
        revision, clashes = save_beside(page, made.document, actor=request.user, based_on=based_on)
        if clashes:
            self.log_change(request, page, f"Kept aside as version {revision.number}.")
            messages.warning(
                request,
                f"{said} The same places were changed there and here. Your text is kept aside as "
                f"version {revision.number}: say below what to keep.",
            )
            return redirect(f"admin:causes_{self.opts.model_name}_aside", page.pk, revision.number)
        if revision.number == newest.number:
            messages.info(request, f"Version {revision.number} holds your text already.")
        else:
            messages.info(request, f"{said} Both texts are kept, in version {revision.number}.")
        self.log_change(request, page, f"Saved together with version {newest.number}.")
        return self.response_change(request, self.get_object(request, str(page.pk)))

    def document_made(self, request: HttpRequest, page: Page | None) -> DocumentMade | HttpResponse:
        """What the form's data make of the version that it is based on; the form if it has errors.

        Nothing is stored. Call it inside a transaction.
        """
        request.is_only_to_see, unseen = True, set()
        try:
            with transaction.atomic():
                if page is not None:
                    unseen = self._put_base(request, page)
                response = super().changeform_view(request, page and str(page.pk))
                transaction.set_rollback(True)
                return response
        except DocumentMade as made:
            made.leave_out(unseen)
            return made
        finally:
            request.is_only_to_see = False

    def _put_base(self, request: HttpRequest, page: Page) -> set[tuple[str, str]]:
        """Makes the version that the form was made of the working copy, so that it finds its rows.

        Returns the rows that were added since and that the form does not know.
        """
        newest, number = page.revisions.in_line().first(), version_named(request.POST)
        base = base_document(page, number)
        unseen: set[tuple[str, str]] = set()
        if base and newest.number != number:
            stored = document(page)
            restore(page, with_later_rows(base, stored))
            posted = {value for name, value in request.POST.items() if name.endswith("-anchor")}
            unseen = {place for place in _places(stored) - _places(base) if place[1] not in posted}
        request.POST = with_present_ids(request.POST, page)
        return unseen

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if getattr(request, "is_only_to_see", False):
            raise DocumentMade(form.instance)
        record(form.instance, actor=request.user)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a script sent the form, which then goes to the new address itself."""
    return request.headers.get("Accept") == "application/json"


def version_named(posted: QueryDict) -> int | None:
    """The version that the form was made of."""
    number = posted.get("based_on", "")
    return int(number) if is_id(number) else None


def with_present_ids(posted: QueryDict, page: Page) -> QueryDict:
    """The form's data, where each row has the id that its anchor has now."""
    posted = posted.copy()
    for _, row_model in row_lists(page.kind):
        owner = row_model._meta.get_field(owner_field(row_model))
        rows = row_model.objects.filter(**{owner.name: page.pk})
        ids = dict(rows.values_list("anchor", "pk"))
        name_of_anchor = re.compile(rf"({owner.remote_field.get_accessor_name()}-\d+-)anchor")
        for name, anchor in list(posted.items()):
            if (match := name_of_anchor.fullmatch(name)) and anchor in ids:
                posted[f"{match[1]}id"] = str(ids[anchor])
    return posted


def _places(of: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, row["anchor"]) for name, _ in row_lists(of["kind"]) for row in of.get(name, [])}


def _who_saved(since: list[Revision], actor: AbstractBaseUser) -> str:
    """ "While you were writing, ada and paul saved versions 2 to 4." Newest first in ``since``."""
    numbers = f"version {since[0].number}"
    if len(since) > 1:
        numbers = f"versions {since[-1].number} to {since[0].number}"
    if all(revision.author_id == actor.pk for revision in since):
        return f"You saved {numbers} elsewhere while you were writing here."
    names = dict.fromkeys(
        "you" if revision.author_id == actor.pk else revision.author_name for revision in since
    )
    who = get_text_list(list(names), "and")
    return f"While you were writing, {who} saved {numbers}."
