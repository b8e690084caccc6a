"""What visitors may ask for. Anything else in the address is ignored."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
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


class LetterForm(PageForm):
    """`?letter=B&page=2`"""

    letter = forms.CharField(required=False)


class NarrowForm(PageForm):
    """`?tag=a&tag=b&page=2`"""

    tag = TagsField(required=False)


class AnswerForm(forms.Form):
    """`?format=json`: as what the answer comes. Another format than ours means a page."""

    format = forms.CharField(required=False)


class SearchForm(NarrowForm, AnswerForm):
    """`?q=words&tag=a&page=2&format=json`. Long questions are cut, never refused."""

    q = forms.CharField(required=False, strip=True)
    exact = forms.BooleanField(required=False)

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())[:LONGEST_QUERY]


class SuggestForm(AnswerForm):
    """`?q=words&format=opensearch`. What was typed is said again as it was, but for its length."""

    q = forms.CharField(required=False, strip=False)

    def clean_q(self) -> str:
        return self.cleaned_data["q"][:LONGEST_QUERY]


class MemoryForm(forms.Form):
    """Whether `?on=` asks for another day; `DayForm` says which."""

    on = forms.CharField(required=False, strip=False)


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


@dataclass(frozen=True)
class Wanted:
    """What the address of a list or a page asks for beside its path.

    A page of the past wants no ``neighbors``: those with the same tags are known of today only.
    """

    tags: Sequence[str] = ()
    number: int = 1
    letter: str = ""
    neighbors: bool = True


def wanted(form_class: type[PageForm], parameters: QueryDict) -> Wanted:
    """What can be understood of the parameters; the rest counts as not asked."""
    if not parameters:
        return Wanted()
    form = form_class(parameters)
    form.is_valid()
    found = form.cleaned_data
    return Wanted(found.get("tag", ()), found.get("page", 1), found.get("letter", ""))
