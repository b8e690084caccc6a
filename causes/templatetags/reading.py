"""Template tags of the public pages."""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import to_locale

from causes.public import richtext as texts
from causes.public.dates import in_words

register = template.Library()

TELEPHONE = re.compile(r"\+?[0-9]+([ -][0-9]+)*")

# A script element ends where its text says so; JSON may spell these characters otherwise.
ESCAPED_IN_SCRIPTS = {ord(c): f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"}

LANGUAGE_AND_COUNTRY = re.compile("[a-z]{2,3}_[A-Z]{2}")


@register.simple_tag(takes_context=True)
def rich_text(context: template.Context, html: str) -> SafeString:
    """Rich text of an edition, with its links to other pages resolved."""
    return texts.rich_text(html, context.get("paths", {}))


@register.filter
def plain_text(text: str) -> str:
    """A plain text of an edition, with today's emergency number."""
    return texts.plain_text(text)


@register.simple_tag
def json_ld(graph: Mapping[str, Any]) -> SafeString:
    """The script element that holds a JSON-LD graph."""
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    # Safe: no character is left that HTML reads as markup inside a script.
    text = SafeString(text.translate(ESCAPED_IN_SCRIPTS))
    return format_html('<script type="application/ld+json">{}</script>', text)


@register.filter
def direction(language: str) -> str:
    """Which way a language is written: "ltr" or "rtl"."""
    return "rtl" if language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr"


@register.filter
def telephone(number: str) -> str:
    """The address that rings a number; "" for words, such as "your local emergency number"."""
    return f"tel:{number.replace(' ', '-')}" if TELEPHONE.fullmatch(number) else ""


@register.filter
def cited_in(keys: Collection[str], references: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sources with these keys among the page's references, by number."""
    found = [references[key] for key in keys if key in references]
    return sorted(found, key=lambda source: source["number"])


@register.filter
def open_graph_locale(language: str) -> str:
    """ "en_US" for "en-us"; "" for a language without a country, as Open Graph needs both."""
    locale = to_locale(language)
    return locale if LANGUAGE_AND_COUNTRY.fullmatch(locale) else ""


@register.filter(expects_localtime=True)
def full_date(day: date | str) -> str:
    """A date in words, as the language writes it: "November 23, 2026". Takes ISO text too."""
    return in_words(day)
