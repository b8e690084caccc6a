"""The forms of the editors' screens."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils import timezone

from causes.admin.widgets import ChooseMany
from causes.editorial.editions import HISTORY
from causes.models import Kind, Page, Tag
from causes.models.text import address_of

# Publishing needs them, a draft does not; an address or key that is left empty is the title's.
MAY_WAIT = {"slug", "key", "in_sentence"}


class PageForm(forms.ModelForm):
    """A page's own fields, and the number of the version that they were made of."""

    tags = forms.ModelMultipleChoiceField(
        Tag.objects.all(),
        required=False,
        widget=ChooseMany(Page._meta.get_field("tags"), admin.site),
        help_text="Choose among the existing tags. Other names of a tag are found too.",
        error_messages={
            "invalid_choice": "A tag that was chosen is gone: somebody has merged or deleted it. "
            "Look for it by its name: a merged one is found under the tag that took its place.",
        },
    )
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "summary" in self.fields:  # those who may only look have no fields
            self.fields["summary"].widget = AdminTextareaWidget({"rows": 2})
        if "title" in self.fields and not self.instance.pk:
            self.fields["title"].widget.attrs["autofocus"] = True
        for name in MAY_WAIT & self.fields.keys():
            self.fields[name].required = False
        newest = self.instance.revisions.in_line().first() if self.instance.pk else None
        self.fields["based_on"].initial = newest.number if newest else 0

    def clean_summary(self) -> str:
        """One line, though the field that shows it whole has several."""
        return " ".join(self.cleaned_data["summary"].split())

    def clean_slug(self) -> str:
        """Of a group it may not be the word that stands for its symptom's history."""
        slug = self.cleaned_data["slug"] or self._from_title()
        if slug == HISTORY and self._meta.model.KIND == Kind.CATEGORY:
            raise forms.ValidationError(
                f"Choose another address: “{HISTORY}” is where the history of the symptom is."
            )
        return slug

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or self._from_title()

    def _from_title(self) -> str:
        """Raises ValidationError where the title has no letter that an address can have."""
        made = address_of(self.cleaned_data.get("title", ""))
        if not made and "title" in self.cleaned_data:
            raise forms.ValidationError("Give one of small letters, digits and hyphens.")
        return made

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("original") == Page(pk=self.instance.pk):
            self.add_error("original", "A page cannot be a translation of itself.")
        if (reviewed := cleaned.get("reviewed_on")) and reviewed > timezone.localdate():
            self.add_error("reviewed_on", "This day is still to come.")
        return cleaned
