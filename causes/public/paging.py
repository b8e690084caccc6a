"""A long list, a page at a time. A number beyond the end means the last page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator


@dataclass(frozen=True)
class Paging:
    """Which page of a list this is, and the addresses of the others."""

    number: int
    last: int
    length: int
    address: Callable[[int], str]

    @property
    def here(self) -> str:
        """The one address of this page of the list."""
        return self.address(self.number)

    @property
    def start(self) -> int:
        return (self.number - 1) * self.length

    @property
    def stop(self) -> int:
        return self.start + self.length

    @property
    def previous(self) -> str:
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self.address(self.number + 1) if self.number < self.last else ""

    @property
    def numbered(self) -> list[tuple[int | str, str]]:
        """(number, address) of the first, the last and those around this one; "…" for gaps."""
        pages = Paginator(range(self.last), 1)
        shown = pages.get_elided_page_range(self.number, on_each_side=1, on_ends=1)
        return [(n, self.address(n) if isinstance(n, int) else "") for n in shown]


def paging(count: int, wanted: int, length: int, address: Callable[[int], str]) -> Paging:
    """The page ``wanted`` of so many entries, or the one nearest to it."""
    last = max(1, -(-count // length))
    return Paging(min(max(wanted, 1), last), last, length, address)
