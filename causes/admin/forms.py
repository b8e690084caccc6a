"""The forms of the editors' screens."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils import timezone

from causes.admin.widgets import ChooseMany
from causes.models import Page, Tag


class PageForm(forms.ModelForm):
    """A page's own fields. A save that is not based on the newest version is refused, kept."""

    tags = forms.ModelMultipleChoiceField(
        Tag.objects.all(),
        required=False,
        widget=ChooseMany(Page._meta.get_field("tags"), admin.site),
        help_text="Choose among the existing tags. Other names of a tag are found too.",
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "summary" in self.fields:  # those who may only look have no fields
            self.fields["summary"].widget = AdminTextareaWidget({"rows": 2})
        if "title" in self.fields and not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        newest = self.instance.revisions.in_line().first() if self.instance.pk else None
        self.fields["based_on"].initial = newest.number if newest else 0

    def clean_summary(self) -> str:
        """One line, though the field that shows it whole has several."""
        return " ".join(self.cleaned_data["summary"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("original") == Page(pk=self.instance.pk):
            self.add_error("original", "A page cannot be a translation of itself.")
        if (reviewed := cleaned.get("reviewed_on")) and reviewed > timezone.localdate():
            self.add_error("reviewed_on", "This day is still to come.")
        if self.instance.pk:
            self._refuse_stale(cleaned.get("based_on") or 0)
        return cleaned

    def _refuse_stale(self, based_on: int) -> None:
        """Locks the page, so that of two saves at the same time the second one sees the first."""
        page = Page.objects.select_for_update().get(pk=self.instance.pk)
        newest = page.revisions.in_line().first()
        if newest and newest.number > based_on:
            raise forms.ValidationError(
                "%(author)s saved version %(number)s while you were writing. Your text is still "
                "below, and is not saved. Open this page in a new tab, bring both texts together "
                "there, and save.",
                params={"author": newest.author_name, "number": newest.number},
                code="stale",
            )
