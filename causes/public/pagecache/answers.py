"""What is kept of a page and sent to readers: one body for each content coding, each an ETag."""

import gzip
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import brotli
from django.utils.http import parse_etags

from causes.public.pagecache.freshness import State
from causes.public.shared_ring import Text

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]

BROTLI_QUALITY = 5
BROTLI_WINDOW = 16  # 64 kB, as large as most pages; a larger one takes a megabyte more of memory
GZIP_LEVEL = 6
LONGEST_ACCEPT_ENCODING = 200
CODINGS = ("br", "gzip", "identity")  # in the order in which we like them
# As Django's own 304; what the middlewares outside of it add stays.
NOT_IN_304 = {"content-type", "content-length", "content-encoding", "x-robots-tag"}
OVERHEAD = 2000  # bytes for headers and objects beside the bodies


PACKING = {
    "br": partial(brotli.compress, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW),
    "gzip": partial(gzip.compress, compresslevel=GZIP_LEVEL, mtime=0),
}


@dataclass(frozen=True)
class Rendered:
    """An answer as Django gave it, whole."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status[:3])

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_for_everyone(self) -> bool:
        """It depends on nothing of the request that the key does not hold."""
        vary = {field.strip().lower() for field in self.header("vary").split(",")}
        return vary <= {"", "accept-encoding"} and not self.header("set-cookie")

    @property
    def may_be_kept(self) -> bool:
        """It says so itself (RFC 9111, as a shared cache with a content version reads it)."""
        said = {part.split("=")[0].strip().lower() for part in self._cache_control}
        return (
            self.code == 200
            and self.is_for_everyone
            and {"public", "s-maxage"} <= said
            and not said & {"private", "no-store", "no-cache"}
            and bool(self.header("etag"))
        )

    @property
    def _cache_control(self) -> list[str]:
        return self.header("cache-control").split(",")


class Variant(NamedTuple):
    """A page in one content coding: where in the bodies its own begins and ends, and what is sent
    with it."""

    etag: str
    start: int
    stop: int
    headers: Headers
    headers_304: Headers


class Page:
    """A page that may be kept, as it was at ``state``, ready to be sent in each of ``codings``.

    ``previous`` is an earlier copy of the same page: if it came out the same, to the letter, it is
    not packed again.
    """

    __slots__ = ("_variants", "bodies", "checked", "epoch", "size", "until")

    def __init__(
        self,
        rendered: Rendered,
        state: State | None,
        now: float,
        *,
        codings: Collection[str] = CODINGS,
        previous: "Page | None" = None,
    ) -> None:
        self.epoch, self.until = state or (None, now)
        self.checked = now  # when it was last known to be true
        if previous is not None and previous.is_of(rendered):
            self.size, self._variants = previous.size, previous._variants
            self.bodies = previous.bodies
            return
        packed = {"identity": rendered.body}
        for coding, pack in PACKING.items():
            if coding in codings and len(smaller := pack(rendered.body)) < len(rendered.body):
                packed[coding] = smaller
        ends = list(accumulate(map(len, packed.values()), initial=0))
        self._variants = {
            coding: _variant(rendered, coding, start, stop)
            for coding, (start, stop) in zip(packed, pairwise(ends), strict=True)
        }
        self.bodies = Text(b"".join(packed.values()))
        self.size = OVERHEAD + ends[-1]

    def is_of(self, rendered: Rendered) -> bool:
        """It came out the same, to the letter."""
        plain = _variant(rendered, "identity", 0, len(rendered.body))
        same = self._variants["identity"] == plain
        return same and self.bodies.read(plain.start, plain.stop) == rendered.body

    def is_true(self, state: State, now: float) -> bool:
        return self.epoch == state.epoch and now < self.until

    def send(
        self, environ: dict[str, Any], start_response: StartResponse, now: float
    ) -> list[bytes] | None:
        """The answer; None, with nothing begun, if its body is overwritten."""
        coding = preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = self._variants.get(coding) or self._variants["identity"]
        asked = environ.get("HTTP_IF_NONE_MATCH")
        is_unchanged = asked is not None and _matches(asked, variant.etag)
        headers = variant.headers_304 if is_unchanged else variant.headers
        parts = []
        if not is_unchanged and environ["REQUEST_METHOD"] != "HEAD":
            body = self.bodies.read(variant.start, variant.stop)
            if body is None:
                return None
            parts.append(body)
        start_response(
            "304 Not Modified" if is_unchanged else "200 OK",
            _ending(headers) if self.until - now < 1 else list(headers),
        )
        return parts


def _variant(rendered: Rendered, coding: str, start: int, stop: int) -> Variant:
    etag = rendered.header("etag")
    own = {"content-length": str(stop - start)}
    if coding != "identity":
        etag = f'{etag[:-1]}-{coding}"'
        own["content-encoding"] = coding
    own["etag"] = etag
    headers = [
        (name, own.pop(name.lower())) if name.lower() in own else _the_same(name, value)
        for name, value in rendered.headers
    ]
    headers += [(name.title(), value) for name, value in own.items()]
    return Variant(
        etag, start, stop, headers, [h for h in headers if h[0].lower() not in NOT_IN_304]
    )


@lru_cache(maxsize=64)
def _the_same(name: str, value: str) -> tuple[str, str]:
    """Most headers are those of every page: kept once, not three times for each."""
    return name, value


def _ending(headers: Headers) -> Headers:
    """No cache may keep what a schedule ends within the second."""
    return [
        (name, value.replace("s-maxage=1", "s-maxage=0") if name == "Cache-Control" else value)
        for name, value in headers
    ]


def _matches(asked: str, etag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, 13.1.2): nginx weakens what it recompresses."""
    if asked == etag:
        return True
    return any(tag in {"*", etag} for tag in _strong(parse_etags(asked)))


def _strong(etags: Iterable[str]) -> Iterable[str]:
    return (etag.removeprefix("W/") for etag in etags)


def preferred(accepted: str) -> str:
    """The content coding for an Accept-Encoding (RFC 9110, 12.5.3)."""
    return _preferred(accepted) if len(accepted) <= LONGEST_ACCEPT_ENCODING else "identity"


@lru_cache(maxsize=512)
def _preferred(accepted: str) -> str:
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    others = weights.get("*", 0.0)
    # What is not named may be sent as it is, but any coding that is named comes first.
    acceptable = {"identity": weights.get("identity", weights.get("*", 0.0001))}
    acceptable |= {coding: weights.get(coding, others) for coding in CODINGS[:-1]}
    best = max(CODINGS, key=lambda coding: (acceptable[coding], -CODINGS.index(coding)))
    return best if acceptable[best] > 0 else "identity"


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
