"""What visitors may ask for. Anything else in the address is ignored."""

import re

from django import forms
from django.http import QueryDict

MOST_TAGS = 20
LONGEST_QUERY = 2000
SLUG = re.compile(r"[\w-]{1,100}\Z", re.ASCII)


class TagsField(forms.Field):
    """Any number of `tag=` parameters: distinct slugs, sorted; what is not a slug is dropped."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[str]:
        return sorted({slug for slug in value or [] if SLUG.match(slug)})[:MOST_TAGS]


class NarrowForm(forms.Form):
    """`?tag=a&tag=b`"""

    tag = TagsField(required=False)


class SearchForm(NarrowForm):
    """`?q=words&tag=a&page=2`. Long questions are cut, never refused."""

    q = forms.CharField(required=False, strip=True)
    page = forms.CharField(required=False)
    exact = forms.BooleanField(required=False)

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())[:LONGEST_QUERY]

    def clean_page(self) -> int:
        number = self.cleaned_data["page"]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1


def chosen_tags(parameters: QueryDict) -> list[str]:
    form = NarrowForm(parameters)
    return form.cleaned_data["tag"] if form.is_valid() else []
