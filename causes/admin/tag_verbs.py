"""The tag desk: renaming a tag, merging two, facets and order; each is a publisher's."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from causes.admin.widgets import ChooseOne, is_id
from causes.editorial.acting import NotPossible
from causes.editorial.similar_tags import near_duplicates
from causes.editorial.tagging import (
    PERMISSION,
    arrange_tags,
    merge_tags,
    rename_tag,
    slug_is_drawn,
)
from causes.editorial.usage import uses_of
from causes.models import Edition, Facet, Tag, TaggedEdition, TaggedPage
from causes.models.fields import PlainField

LARGEST_ORDER = 32767  # of a small integer


def with_counts(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Adds draft_count and live_count: the pages that carry the tag there."""
    drafts = TaggedPage.objects.filter(tag=OuterRef("pk"))
    shown = TaggedEdition.objects.filter(tag=OuterRef("pk"), edition__in=Edition.objects.live())
    return tags.annotate(draft_count=_count(drafts), live_count=_count(shown))


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("tag").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class RenameForm(forms.Form):
    name = PlainField(
        label="New name",
        max_length=100,
        help_text="Readers see it at once where they narrow and in the list of tags. A page's own "
        "text has it from its next publication on.",
    )
    slug = forms.SlugField(
        label="Address",
        required=False,
        max_length=100,
        help_text="The last part of its public address. Empty: made of the name. The old address "
        "leads to the new one.",
    )
    note = PlainField(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        is_drawn = slug_is_drawn(tag.slug)
        initial = {"name": tag.name, "slug": tag.slug if is_drawn else ""}
        super().__init__(*args, initial=initial, **kwargs)
        if is_drawn:
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = "The picture of the legs knows the tag by it."


class MergeForm(forms.Form):
    # Its list is empty until somebody types: HTML allows no required list without a choice.
    use_required_attribute = False

    into = forms.ModelChoiceField(
        Tag.objects.all(),
        label="Merge it into",
        widget=ChooseOne(TaggedPage._meta.get_field("tag"), admin.site),
        help_text="That tag stays. This one becomes another name of it.",
    )
    note = PlainField(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Tag.objects.exclude(pk=tag.pk)


class PlaceForm(forms.Form):
    """Where one tag stands on the desk."""

    facet = forms.ChoiceField(choices=[("", "No facet"), *Facet.choices], required=False)
    order = forms.IntegerField(min_value=0, max_value=LARGEST_ORDER)

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        initial = {"facet": tag.facet, "order": tag.order}
        super().__init__(*args, prefix=str(tag.pk), initial=initial, **kwargs)
        self.tag = tag
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{name.capitalize()} of {tag.name}"


class TagVerbs(admin.ModelAdmin):
    """Adds the screens to the admin of tags."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("desk/", wrap(self.desk_view), name="causes_tag_desk"),
            path("<path:object_id>/rename/", wrap(self.rename_view), name="causes_tag_rename"),
            path("<path:object_id>/merge/", wrap(self.merge_view), name="causes_tag_merge"),
            *super().get_urls(),
        ]

    def desk_view(self, request: HttpRequest) -> HttpResponse:
        """Every tag by facet with its counts and its place; what to merge, what nobody uses."""
        _require(request)
        found = with_counts(Tag.objects.order_by("facet", "order", "name"))
        tags = list(found.prefetch_related("aliases"))
        places = [PlaceForm(request.POST or None, tag=tag) for tag in tags]
        if request.method == "POST" and all([place.is_valid() for place in places]):
            wanted = {
                place.tag.pk: (place.cleaned_data["facet"], place.cleaned_data["order"])
                for place in places
            }
            try:
                moved = arrange_tags(wanted, actor=request.user)
            except NotPossible as error:
                messages.error(request, str(error))
            else:
                for tag in moved:
                    self.log_change(request, tag, "Facet or order changed.")
                messages.success(request, f"{len(moved)} tag(s) moved.")
                return redirect("admin:causes_tag_desk")
        facets = [(value, label) for value, label in [*Facet.choices, ("", "Without a facet")]]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Tag desk",
            "by_facet": [
                (label, [place for place in places if place.tag.facet == facet])
                for facet, label in facets
            ],
            "has_errors": any(place.errors for place in places if place.is_bound),
            "pairs": near_duplicates((tag, [a.name for a in tag.aliases.all()]) for tag in tags),
            "unused": [tag for tag in tags if not tag.draft_count and not tag.live_count],
        }
        return TemplateResponse(request, "admin/causes/tag_desk.html", context)

    def rename_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        tag = self._tag(request, object_id)
        form = RenameForm(request.POST or None, tag=tag)

        def act() -> str:
            renamed = rename_tag(tag, actor=request.user, **form.cleaned_data)
            return f"“{tag.name}” is now called “{renamed.name}”; the old name leads to it."

        is_sent = request.method == "POST"
        return self._screen(request, tag, form, act if is_sent else None, title="Rename")

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the other tag, see every page that is touched, merge."""
        tag = self._tag(request, object_id)
        asked = request.POST or ({"into": request.GET["into"]} if "into" in request.GET else None)
        form = MergeForm(asked, tag=tag)

        def act() -> str:
            into = form.cleaned_data["into"]
            merge_tags(tag, into=into, actor=request.user, note=form.cleaned_data["note"])
            return f"“{tag.name}” is now another name of “{into.name}”."

        chosen = form.cleaned_data["into"] if form.is_valid() else None
        is_confirmed = request.method == "POST" and "_confirm" in request.POST
        return self._screen(
            request, tag, form, act if is_confirmed else None, title="Merge", into=chosen
        )

    def _tag(self, request: HttpRequest, object_id: str) -> Tag:
        _require(request)
        tag = Tag.objects.filter(pk=object_id if is_id(object_id) else 0).first()
        if tag is None:
            raise Http404
        return tag

    def _screen(
        self,
        request: HttpRequest,
        tag: Tag,
        form: forms.Form,
        act: Callable[[], str] | None,
        **context: Any,
    ) -> HttpResponse:
        if act is not None and form.is_valid():
            try:
                messages.success(request, act())
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                return redirect("admin:causes_tag_desk")
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": tag,
            "form": form,
            "media": self.media + form.media,
            "back": reverse("admin:causes_tag_change", args=[tag.pk]),
            "uses": uses_of(tag),
        }
        return TemplateResponse(request, "admin/causes/tag_verb.html", context)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
