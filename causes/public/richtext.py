"""The one place where stored text becomes safe HTML: sanitised again, links resolved."""

import re
from collections.abc import Iterable, Mapping

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from causes.models.fields import PAGE_LINK, clean_rich_text
from causes.public.site import emergency_number

PLACEHOLDER = "{emergency number}"
WEB_ADDRESS = re.compile(r"https?://[^\s\\]+\Z", re.IGNORECASE)


def rich_text(html: str, paths: Mapping[str, str]) -> SafeString:
    """``html`` for a page. ``paths`` has the address of each live page by its key.

    A link to a page that is not live keeps its words and loses its link.
    """

    def resolve(link: re.Match[str]) -> str:
        key, words = link.groups()
        path = paths.get(key)
        return f'<a href="{conditional_escape(path)}">{words}</a>' if path else words

    resolved = PAGE_LINK.sub(resolve, clean_rich_text(html))
    # Safe: the sanitiser's output, with addresses and a number that are escaped here.
    return mark_safe(resolved.replace(PLACEHOLDER, conditional_escape(emergency_number())))  # noqa: S308 - see above


def plain_text(text: str) -> str:
    """Text without markup (a card's item), with today's emergency number."""
    return text.replace(PLACEHOLDER, emergency_number())


def web_address(address: str) -> str:
    """The address of another site, for a link; "" for one that would lead anywhere else."""
    return address if WEB_ADDRESS.match(address) else ""


def marked_text(text: str, marks: Iterable[tuple[int, int]]) -> SafeString:
    """Plain text as HTML, with the words at ``marks`` (start, end; in order) marked.

    The place of the emergency number is no word, whatever it is called.
    """
    numbers = [place.span() for place in re.finditer(re.escape(PLACEHOLDER), text)]
    parts, end = [], 0
    for start, stop in marks:
        if not any(begin <= start < over for begin, over in numbers):
            parts += [_escaped(text[end:start]), "<mark>", _escaped(text[start:stop]), "</mark>"]
            end = stop
    # Safe: every part of the text is escaped.
    return mark_safe("".join([*parts, _escaped(text[end:])]))  # noqa: S308 - see above


def _escaped(text: str) -> str:
    return escape(plain_text(text))
