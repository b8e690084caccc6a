"""The screen of a text that was kept aside: both texts, place by place, to choose from."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from js_asset import Media

from causes.editorial.acting import NotPossible
from causes.editorial.documents import ROW_LISTS
from causes.editorial.merge import ORDER, Clash, Document
from causes.editorial.saving import bring_together, merge_aside
from causes.models import SPECIFIC_MODELS, Page, Revision
from causes.models.fields import LinesField, RichTextField
from causes.public.richtext import rich_text

THEIRS, MINE, ANEW = "theirs", "mine", "anew"


class AsideForm(forms.Form):
    """What to take at each clash. Where nothing is said, the draft stays as it is stored."""

    newest = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, clashes: list[Clash], mine_is: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind, self.clashes = kind, clashes
        for number, clash in enumerate(clashes):
            choices = [(THEIRS, "Keep the draft’s"), (MINE, f"Take {mine_is}")]
            if (written := self._written(clash)) is not None:
                choices.append((ANEW, "Write it anew, below"))
                text = written.formfield(
                    required=False, initial=clash.mine[0], label="Written anew"
                )
                self.fields[f"text-{number}"] = text
            self.fields[f"take-{number}"] = forms.ChoiceField(
                choices=choices, initial=THEIRS, widget=forms.RadioSelect, label="What to keep"
            )

    def _written(self, clash: Clash) -> models.Field | None:
        """The field that one writes into, if the place is a single text."""
        if len(clash.fields) != 1 or clash.fields == (ORDER,):
            return None
        written = _model(self.kind, clash).get_field(clash.fields[0])
        is_text = isinstance(written, models.CharField | models.TextField | LinesField)
        return written if is_text and not written.choices else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number, clash in enumerate(self.clashes):
            if cleaned.get(f"take-{number}") != ANEW or f"text-{number}" not in cleaned:
                continue
            try:
                text = self._written(clash).clean(cleaned[f"text-{number}"], None)
            except ValidationError as error:
                self.add_error(f"text-{number}", error)
            else:
                cleaned[f"text-{number}"] = text
        return cleaned

    def decided(self) -> dict[str, Any]:
        """What to take, by the clash's id, where it is not the draft's."""
        taken = {}
        for number, clash in enumerate(self.clashes):
            match self.cleaned_data[f"take-{number}"]:
                case "mine":
                    taken[clash.id] = clash.mine
                case "anew":
                    taken[clash.id] = [self.cleaned_data[f"text-{number}"]]
        return taken

    def places(self, documents: list[Document]) -> Iterator[dict[str, Any]]:
        """What the screen shows of each clash."""
        for number, clash in enumerate(self.clashes):
            text = f"text-{number}"
            yield {
                "name": _name(self.kind, clash, documents),
                "theirs": _shown(self.kind, clash, clash.theirs, documents),
                "mine": _shown(self.kind, clash, clash.mine, documents),
                "take": self[f"take-{number}"],
                "text": self[text] if text in self.fields else None,
            }


def _model(kind: str, clash: Clash) -> Any:
    return (ROW_LISTS[clash.rows] if clash.rows else SPECIFIC_MODELS[kind])._meta


def _row_name(row: dict[str, Any]) -> str:
    names = ("heading", "name", "condition", "code", "target", "source", "level", "anchor")
    return next(str(row[name]) for name in names if row.get(name))


def _name(kind: str, clash: Clash, documents: list[Document]) -> str:
    """ "Title", or "Section “Tests”: body"."""
    meta = _model(kind, clash)
    if clash.fields == (ORDER,):
        return f"The order of the {meta.verbose_name_plural}"
    fields = " and ".join(str(meta.get_field(name).verbose_name) for name in clash.fields)
    if not clash.rows:
        return capfirst(fields)
    rows = [row for of in documents for row in of.get(clash.rows, [])]
    row = next(row for row in rows if row["anchor"] == clash.anchor)
    name = f"{capfirst(meta.verbose_name)} “{_row_name(row)}”"
    return f"{name}: {fields}" if fields else name


def _shown(
    kind: str, clash: Clash, value: Any, documents: list[Document]
) -> list[tuple[str, str, Any]]:
    """(label, kind of value, value) for each part; empty where the row was deleted."""
    meta = _model(kind, clash)
    if clash.fields == (ORDER,):
        rows = {row["anchor"]: row for of in documents for row in of.get(clash.rows, [])}
        return [("", "lines", [_row_name(rows[anchor]) for anchor in value])]
    if clash.fields:
        parts = dict(zip(clash.fields, value, strict=True))
    else:
        parts = {name: part for name, part in (value or {}).items() if name != "anchor"}
    return [_part(meta.get_field(name), part, len(parts) > 1) for name, part in parts.items()]


def _part(shown: models.Field, value: Any, has_label: bool) -> tuple[str, str, Any]:
    label = capfirst(shown.verbose_name) if has_label else ""
    if isinstance(shown, RichTextField):
        return label, "html", rich_text(value or "", {})
    if isinstance(value, list):
        return label, "lines", value
    if isinstance(value, bool):
        return label, "text", "Yes" if value else "No"
    return label, "text", dict(shown.flatchoices).get(value, value)


class AsideScreens(admin.ModelAdmin):
    """Adds the screen to a page's admin."""

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<path:object_id>/aside/<int:number>/",
                self.admin_site.admin_view(self.aside_view),
                name=f"causes_{self.opts.model_name}_aside",
            ),
            *super().get_urls(),
        ]

    def aside_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        page = self.get_object(request, object_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        aside = page and page.revisions.filter(number=number, state=Revision.State.ASIDE).first()
        if aside is None:
            raise Http404
        if aside.note:
            messages.info(request, aside.note)
            return redirect(f"admin:causes_{self.opts.model_name}_change", page.pk)
        newest = page.revisions.in_line().first()
        clashes = merge_aside(page, aside).clashes
        is_mine = aside.author_id == request.user.pk
        about = {
            "kind": page.kind,
            "clashes": clashes,
            "mine_is": "mine" if is_mine else f"{aside.author_name}’s",
            "initial": {"newest": newest.number},
        }
        form = AsideForm(**about)
        if request.method == "POST":
            form = AsideForm(request.POST, **about)
            if form.is_valid() and (done := self._bring_together(request, page, aside, form)):
                return done
        context = {
            **self.admin_site.each_context(request),
            "title": "Bring two texts together",
            "opts": self.opts,
            "original": page,
            "form": form,
            "places": list(form.places([newest.document, aside.document])),
            "aside": aside,
            "is_mine": is_mine,
            "newest": newest,
            # The editor's import map is an inline script: the policy admits it by its nonce.
            "media": Media.from_media(self.media + form.media, nonce=str(request.csp_nonce)),
        }
        return TemplateResponse(request, "admin/causes/aside.html", context)

    def _bring_together(
        self, request: HttpRequest, page: Page, aside: Revision, form: AsideForm
    ) -> HttpResponse | None:
        try:
            bring_together(
                page,
                actor=request.user,
                number=aside.number,
                newest=form.cleaned_data["newest"],
                decided=form.decided(),
            )
        except NotPossible as error:
            form.add_error(None, f"{error} What you chose is still below.")
            form.data = form.data | {"newest": str(page.revisions.in_line().first().number)}
            return None
        aside.refresh_from_db()
        messages.success(request, aside.note)
        return redirect(f"admin:causes_{self.opts.model_name}_change", page.pk)


def kept_aside(page: Page) -> Any:
    """The versions of the page that were kept aside and that nobody has looked at yet."""
    return page.revisions.filter(state=Revision.State.ASIDE, note="").defer("document")
