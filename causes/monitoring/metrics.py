"""The site's numbers as Prometheus reads them: of all processes of this machine together.

No label holds what a reader could choose, so the number of series is fixed.
"""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from causes import backups
from causes.monitoring.counts import BUCKETS, CLASSES
from causes.monitoring.figures import Figures, waited
from causes.monitoring.probes import ORDER, State, counted_figures, report
from causes.monitoring.processes import Numbers, merged
from causes.public.csp_reports import counts as csp_counts

PATIENCE = 1.0  # seconds, for what the database counts; the probes have their own

OF_CACHE = {
    "hits": "Answers from a copy that is still true.",
    "misses": "Pages of which there was no true copy.",
    "stale": "Answers from a previous copy, because nothing better was to be had.",
    "unavailable": "Pages that could not be answered at all.",
    "renders": "Pages that Django was asked for.",
}
CACHE_NOW = {
    "entries": "Copies that are kept now, counted in each process.",
    "bytes": "Their sizes; what processes share is counted in each.",
}


class Site(Collector):
    """Asked anew for each scrape."""

    def collect(self) -> Iterator[Metric]:
        numbers = merged()
        yield _gauge("processes", "Server processes that report numbers.", numbers.processes)
        yield from _answers(numbers)
        yield from _page_cache(numbers)
        health = GaugeMetricFamily(
            "causes_health", "Each probe: 0 all is well, 1 warning, 2 failure.", labels=["probe"]
        )
        probes = report()
        for probe in probes:
            health.add_metric([probe.name], ORDER.index(probe.state))
        yield health
        if (made := backups.last_made()) is not None:
            age = (timezone.now() - made).total_seconds()
            yield _gauge("backup_age_seconds", "Since this machine last made a backup.", age)
        is_reachable = probes[0].state is not State.FAIL
        counted = counted_figures(PATIENCE) if is_reachable else None
        if counted is not None:  # else they are absent, which is the truth
            yield from _content(counted)


registry = CollectorRegistry()
registry.register(Site())


def exposition() -> bytes:
    """The text format, 0.0.4."""
    return generate_latest(registry)


def _answers(numbers: Numbers) -> Iterator[Metric]:
    answers = CounterMetricFamily(
        "causes_answers", "Answers by where they came from.", labels=["source", "status"]
    )
    for source in ("cached", "rendered"):
        for status in CLASSES:
            answers.add_metric([source, status], numbers.counts.get(f"{source} {status}", 0))
    yield answers
    total, buckets = 0.0, []
    for place, edge in enumerate((*map(str, BUCKETS), "+Inf")):
        total += numbers.counts.get(f"bucket {place}", 0)
        buckets.append((edge, total))
    yield HistogramMetricFamily(
        "causes_render_seconds",
        "Time of Django's answers.",
        buckets=buckets,
        sum_value=numbers.counts.get("seconds", 0),
    )
    reports = CounterMetricFamily(
        "causes_csp_reports", "What browsers blocked, by directive.", labels=["directive"]
    )
    for directive in csp_counts:
        reports.add_metric([directive], numbers.counts.get(f"csp {directive}", 0))
    yield reports


def _page_cache(numbers: Numbers) -> Iterator[Metric]:
    for name, meaning in OF_CACHE.items():
        value = numbers.counts.get(name, 0)
        yield CounterMetricFamily(f"causes_page_cache_{name}", meaning, value=value)
    for name, meaning in CACHE_NOW.items():
        yield _gauge(f"page_cache_{name}", meaning, numbers.counts.get(name, 0))


def _content(counted: Figures) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "causes_publications", "Publications, ever.", value=counted.publications
    )
    waiting = waited(counted.waiting_since).total_seconds()
    for name, meaning, value in (
        ("live_pages", "Pages that readers see.", counted.live),
        ("reviews_waiting", "Pages submitted for review.", counted.waiting),
        ("reviews_waiting_seconds", "How long the first of them has waited.", waiting),
        ("reviews_overdue", "Pages overdue for review.", counted.overdue),
        ("reminders_unsent", "Pages that no due reminder was sent for.", counted.unsent_reminders),
        ("pages_with_errors", "Pages whose newest version has errors.", counted.with_errors),
        ("tags_without_facet", "Tags that readers cannot narrow by.", counted.tags_without_facet),
        ("published_alone", "Live pages published by one person.", counted.published_alone),
        ("search_pages", "Pages in the search index.", counted.search.pages),
        ("search_behind", "Pages that the index has not caught up with.", counted.search.behind),
    ):
        yield _gauge(name, meaning, value)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"causes_{name}", meaning, value=value)
