"""Fields of our own: rich text that is sanitised on every save, and a list of lines."""

import html
import re
import unicodedata
from typing import Any

import nh3
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorFormField

from causes.models.text import refuse_unseen, tidy, without_unseen

# What the editor offers is also what the sanitiser lets through.
# No bold, no italics: the house style does not emphasise by type.
EXTENSIONS = {
    "NoInlineStyle": True,
    "Paragraph": True,
    "Heading": {"levels": [3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel", "page"]},
}
LONGEST_RICH_TEXT = 50_000
LONGEST_PHRASE = 100
LONGEST_NAME = 100
MOST_LISTS = 10  # within each other; to read deep nesting takes the square of its depth
MOST_READINGS = 5  # what is stored takes one; odd nesting comes to rest after two or three
LINK_SCHEMES = {"http", "https", "mailto", "tel", "page"}
PAGE_LINK = re.compile(r'<a (?:title="[^"]*" )?href="(?i:page):([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)

_allowed = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_cleaner = nh3.Cleaner(
    tags=_allowed["tags"],
    attributes={"*": set(), "a": {"href", "title"}},  # without "*" also title and lang anywhere
    url_schemes=LINK_SCHEMES,
    url_relative="deny",  # a link to a page of ours names it by its key
    link_rel=None,
)
_blank = nh3.Cleaner(tags=set())
_PIECE = re.compile(r"[^<>&;\"]+")
_LIST = re.compile(r"<(/?)(?:ul|ol|dl|menu|dir)(?=[\s/>])[^>]*>", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")  # of a pair of UTF-16; no encoding has it alone


def clean_rich_text(value: str) -> str:
    """``value`` reduced to the allow-list; "" where no text is left.

    What a paste brings and nobody sees is taken out; letters get their composed form.
    """
    value = _without_deep_lists(_HALF.sub("", value))
    for _reading in range(MOST_READINGS):
        cleaned = _put_right(_cleaner.clean(value)).strip()
        if cleaned == value:  # a browser that reads it makes nothing else of it
            break
        value = cleaned
    else:
        cleaned = _blank.clean(value)
    return cleaned if html.unescape(_blank.clean(cleaned)).strip() else ""


def depth_of_lists(value: str) -> int:
    """How many lists stand within each other at most, as far as their tags say so."""
    depth = most = 0
    for tag in _LIST.finditer(value):
        depth = max(0, depth + (-1 if tag[1] else 1))
        most = max(most, depth)
    return most


def _without_deep_lists(value: str) -> str:
    """Lists that stand too deep lose their tags: their entries become those of the list above."""
    if value.count("<") <= MOST_LISTS:
        return value
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if not tag[1]:
            depth += 1
            return tag[0] if depth <= MOST_LISTS else ""
        depth = max(0, depth - 1)
        return tag[0] if depth < MOST_LISTS else ""

    return _LIST.sub(kept, value)


def _put_right(cleaned: str) -> str:
    """Piece by piece: a combining mark must not melt into the end of a tag."""
    if cleaned.isascii() and cleaned.isprintable():
        return cleaned
    pieces = _PIECE.sub(lambda piece: unicodedata.normalize("NFC", piece[0]), cleaned)
    return without_unseen(pieces)


def page_keys(value: str) -> list[str]:
    """The keys that the links of a rich text name (`page:KEY`), in order."""
    return [key for key, _ in PAGE_LINK.findall(value)]


class RichTextFormField(ProseEditorFormField):
    """An editor's page gets text as readers would: the editor itself reads it as HTML."""

    def prepare_value(self, value: Any) -> Any:
        return clean_rich_text(value) if isinstance(value, str) else value


class RichTextField(models.TextField):
    """HTML of a few elements. `page:KEY` in a link names a page by its key."""

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        """Sanitised first: markup without words counts as empty."""
        if isinstance(value, str) and len(value) > LONGEST_RICH_TEXT:  # sanitising takes its square
            raise ValidationError(f"At most {LONGEST_RICH_TEXT} characters.", code="max_length")
        if isinstance(value, str) and depth_of_lists(value) > MOST_LISTS:
            raise ValidationError(
                f"Lists stand within each other more than {MOST_LISTS} deep here:"
                " make them flatter.",
                code="too_deep",
            )
        cleaned = clean_rich_text(value) if isinstance(value, str) else value
        return super().clean(cleaned, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = clean_rich_text(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(
            **{"form_class": RichTextFormField, "extensions": EXTENSIONS} | kwargs
        )


class PlainField(forms.CharField):
    """Text that is put right, and refused where it has characters that nobody can see.

    One line, unless its widget is a text area.
    """

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        lines = isinstance(self.widget, forms.Textarea)
        return tidy(text, lines=lines) if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_unseen(value or "")


def short_lines(lines: list[str]) -> None:
    """Refuses a line that is no longer a phrase."""
    if any(len(line) > LONGEST_PHRASE for line in lines):
        raise ValidationError(f"At most {LONGEST_PHRASE} characters a line.", code="max_length")


class LinesFormField(forms.CharField):
    """A text area, one entry a line, for a list of strings."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list) else (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def run_validators(self, value: list[str]) -> None:
        for line in value:
            super().run_validators(line)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class LinesField(models.JSONField):
    """A list of plain strings, edited as one a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": list} | kwargs)

    def validate(self, value: Any, model_instance: models.Model) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
            raise ValidationError("Give a list of texts, one a line.", code="not_lines")
        for line in value:
            ProhibitNullCharactersValidator()(line)

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs |= {"form_class": LinesFormField, "encoder": None, "decoder": None}
        return models.Field.formfield(
            self, **{k: v for k, v in kwargs.items() if k not in {"encoder", "decoder"}}
        )
