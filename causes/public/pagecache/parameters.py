"""The one spelling of each question: the parameters that its page knows, in order."""

from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.urls import Resolver404, resolve

from causes.public.urls import PARAMETERS, REPEATED

LONGEST_PATH = 300  # as in the table of addresses
LONGEST_REMEMBERED = 300  # characters; longer ones are seldom asked for again
LONGEST_QUERY = 8000
MOST_FIELDS = 100

FIXED_ADDRESSES = [f"/{route}" for route in PARAMETERS if "<" not in route]


def spelling(path: str, query: str) -> str | None:
    """The one spelling of this query string at this address; None where only Django can judge."""
    if len(path) + len(query) <= LONGEST_REMEMBERED:
        return _remembered(path, query)
    return _spelling(path, query)


def _spelling(path: str, query: str) -> str | None:
    names = known_parameters(path)
    return None if names is None else canonical(query, names)


_remembered = lru_cache(maxsize=4096)(_spelling)


def known_parameters(path: str) -> tuple[str, ...] | None:
    """The parameters of the page at this address; None where no page of the table can be."""
    if len(path) > LONGEST_PATH or not path.isascii():
        return None
    return _by_route(path)


@lru_cache(maxsize=4096)
def _by_route(path: str) -> tuple[str, ...] | None:
    try:
        return PARAMETERS.get(resolve(path).route)
    except Resolver404:
        return None


def canonical(query: str, names: tuple[str, ...]) -> str | None:
    """The query string with the known parameters only, or None for one that Django must judge.

    Of a parameter given twice the last counts, as in Django, unless it is one of `REPEATED`.
    An empty value is the same as none.
    """
    if not query:
        return ""
    if (
        len(query) > LONGEST_QUERY
        or query.count("&") >= MOST_FIELDS
        or "%00" in query
        or "\0" in query
        or not query.isascii()
    ):
        return None
    last: dict[str, str] = {}
    repeated: dict[str, set[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        if name in REPEATED:
            repeated.setdefault(name, set()).add(value)
        else:
            last[name] = value
    ordered = [
        (name, value)
        for name in names
        for value in (sorted(repeated.get(name, ())) if name in REPEATED else [last.get(name)])
        if value
    ]
    return urlencode(ordered)
