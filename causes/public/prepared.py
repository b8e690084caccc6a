"""Pages that are ready in this process, for as long as they would come out the same.

A page is made of editions, and editions do not change: which of them it is made of is asked in
one query, without reading a text. So a publication costs the other pages next to nothing, also
where no copy of a page is kept. It is a comparison of state; nobody has to say what changed.
"""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from causes.public.etags import etag_of
from causes.public.likeness import Likeness, Neighbors
from causes.public.narrowing import Identity
from causes.public.reading import LiveRows, is_over
from causes.public.shared_ring import Ring, Text
from causes.public.site import site
from causes.search.kept import Forgetful

ROOM = 4_000_000  # bytes, compressed: about 500 pages


@dataclass(frozen=True)
class State:
    """What a page came out of. Two of the same state are the same page, letter for letter.

    ``rewritten`` counts what may change about an edition (`ContentVersion`).
    """

    editions: int  # `one_number` of them
    rewritten: int
    neighbors: Neighbors | None = None
    is_overdue: bool = False


def one_number(editions: Iterable[Identity]) -> int:
    """Of 64 bits, for this process: hundreds of pages would keep megabytes of identities."""
    return hash(frozenset(editions))


@dataclass(frozen=True)
class MadeOf:
    """What a page came out of, and how to ask whether it still would.

    ``found_by`` finds every edition that it is made of, its own included.
    """

    state: State
    found_by: Q
    likeness: Likeness | None = None
    due_on: date | None = None


class Prepared:
    """A page with what it is made of, as small as can be."""

    __slots__ = ("_due_on", "_editions", "_etag", "_likeness", "_state", "size", "text")

    def __init__(self, made_of: MadeOf, content: bytes) -> None:
        compressed = zlib.compress(content, 1)
        self.text, self.size, self._etag = Text(compressed), len(compressed), etag_of(content)
        self._state, self._editions = made_of.state, LiveRows(made_of.found_by)
        self._likeness, self._due_on = made_of.likeness, made_of.due_on

    def response(self) -> HttpResponse | None:
        """None if it is lost."""
        compressed = self.text.read()
        if compressed is None:
            return None
        return HttpResponse(_plain(compressed), headers={"ETag": self._etag})

    def is_true(self, at: datetime) -> bool:
        """Whether it would come out the same. One query."""
        rows = self._editions.rows(at)
        if not rows:
            return False  # and nothing told the versions
        version, rewritten = rows[0][2:]
        now_is = State(
            one_number(row[:2] for row in rows),
            rewritten,
            self._likeness.neighbors(at, version) if self._likeness else None,
            is_over(self._due_on, at),
        )
        return now_is == self._state


@lru_cache(maxsize=8)  # the pages of the hour; to unpack one takes a third of what the rest does
def _plain(compressed: bytes) -> bytes:
    return zlib.decompress(compressed)


class Shelf(Forgetful):
    """The prepared pages, bounded by bytes, least recently used out first.

    As the page cache's copies, they lie in memory that processes share.
    """

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room, self._bytes = room, 0
        self._ring = Ring(room)
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, Prepared] = OrderedDict()

    def get(self, key: Hashable) -> Prepared | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None and not page.text.settle(self._ring):
                self._drop(key)
                return None
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Prepared) -> None:
        with self._lock:
            self._drop(key)
            if not page.text.settle(self._ring):
                return
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self._room:
                self._drop(next(iter(self._pages)))

    def forget(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        if (page := self._pages.pop(key, None)) is not None:
            self._bytes -= page.size


shelf = Shelf(ROOM)


def prepared(
    request: HttpRequest, at: datetime, facts: Hashable, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page as it was made before, if it would come out the same, or what ``make`` returns.

    ``facts`` are what it depends on beside editions, its address, the day and the site's settings.
    A page is kept if its context, when it is rendered, says what it is ``made_of``.
    """
    ready = if_ready(request, at, facts)
    if ready is not None:
        return ready
    response = make()
    # A copy is made once, with a context of its own; while DEBUG is on, templates may change.
    if isinstance(response, TemplateResponse) and not (_is_copy(request) or settings.DEBUG):
        response.add_post_render_callback(partial(_keep, _key(request, at, facts)))
    return response


def if_ready(request: HttpRequest, at: datetime, facts: Hashable) -> HttpResponse | None:
    """The page that is `prepared` of these facts, if it would come out the same."""
    page = None if _is_copy(request) else shelf.get(_key(request, at, facts))
    return page.response() if page is not None and page.is_true(at) else None


def _is_copy(request: HttpRequest) -> bool:
    """Whether the page is one of a copy of the site (`export`)."""
    return bool(getattr(request, "copied_at", ""))


def _key(request: HttpRequest, at: datetime, facts: Hashable) -> Hashable:
    settled = (*site(request).values(), settings.LEARN_FROM_SEARCHES)
    return request.path, timezone.localdate(at), settled, facts


def _keep(key: Hashable, rendered: TemplateResponse) -> None:
    made_of: MadeOf | None = rendered.context_data["made_of"]
    if made_of is not None:
        shelf.put(key, Prepared(made_of, rendered.content))
