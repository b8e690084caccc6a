"""How often pages were answered from the cache of this process, since it started."""

from dataclasses import asdict, dataclass

CACHED = "causes.cached"  # in the environ of a request that was answered from a copy


@dataclass
class Counts:
    """Plain numbers; two threads at the same instant may count as one.

    ``stale``: previous copies, because the database did not answer or a render took too long.
    ``renders``: what Django was asked for. ``entries`` and ``bytes`` are what is kept now.
    """

    hits: int = 0
    misses: int = 0
    stale: int = 0
    unavailable: int = 0
    renders: int = 0
    entries: int = 0
    bytes: int = 0


counts = Counts()


def counters() -> dict[str, int]:
    """The numbers by name, for whoever exports them."""
    return asdict(counts)
