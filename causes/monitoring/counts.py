"""Plain numbers of this process: two threads at the same instant may count as one.

A lock would cost more than an answer from the page cache. Nothing here has a name that a reader
could choose, so their number is bounded.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds; then "longer"
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


@dataclass
class Counts:
    """``cached`` and ``rendered`` are answers by class of status (1xx to 5xx); ``buckets`` how
    many of Django's answers took at most that long, each in one bucket, and ``seconds`` all."""

    cached: list[int] = field(default_factory=lambda: [0] * len(CLASSES))
    rendered: list[int] = field(default_factory=lambda: [0] * len(CLASSES))
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def took(self, seconds: float) -> None:
        self.buckets[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


counts = Counts()
