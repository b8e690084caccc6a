"""What visitors may ask for. Anything else in the address is ignored."""

import re
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

MOST_TAGS = 20
LONGEST_QUERY = 2000
SLUG = re.compile(r"[\w-]{1,100}\Z", re.ASCII)


class TagsField(forms.Field):
    """Any number of `tag=` parameters: distinct slugs, sorted; what is not a slug is dropped."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[str]:
        return sorted({slug for slug in value or [] if SLUG.match(slug)})[:MOST_TAGS]


class PageForm(forms.Form):
    """`?page=2`. What is no number means the first page."""

    page = forms.CharField(required=False)

    def clean_page(self) -> int:
        number = self.cleaned_data["page"]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1


class DayForm(forms.Form):
    """`?on=2026-08-06`"""

    on = forms.DateField(
        label="Show the page as it was on",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose a day.",
            "invalid": "This is not a day. Write it like 2026-08-06.",
        },
    )

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day is still to come.")
        return day


class NarrowForm(forms.Form):
    """`?tag=a&tag=b`"""

    tag = TagsField(required=False)


class SearchForm(NarrowForm, PageForm):
    """`?q=words&tag=a&page=2`. Long questions are cut, never refused."""

    q = forms.CharField(required=False, strip=True)
    exact = forms.BooleanField(required=False)

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())[:LONGEST_QUERY]


def chosen_tags(parameters: QueryDict) -> list[str]:
    form = NarrowForm(parameters)
    return form.cleaned_data["tag"] if form.is_valid() else []
