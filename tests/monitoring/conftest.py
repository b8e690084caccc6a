"""Probes asked in the test's own thread, which alone sees what the test's transaction holds."""

import pytest

from causes.monitoring import figures, probes
from causes.monitoring.processes import Reporting
from causes.public.pagecache import counts as cache_counts


class AskedHere:
    """Instead of a `Question`."""

    def __init__(self, ask) -> None:
        self.ask, self.error, self.asked = ask, None, 0

    def answer(self, seconds: float):
        self.asked += 1
        if self.error:
            raise self.error
        return self.ask()


@pytest.fixture(autouse=True)
def asked_here(monkeypatch):
    """The two questions, by name; a test may give each an ``error``."""
    made = {}
    for name, ask in (
        ("_migrations", figures.missing_migrations),
        ("_figures", figures.figures),
    ):
        made[name] = AskedHere(ask)
        monkeypatch.setattr(probes, name, made[name])
    monkeypatch.setattr(figures, "_none_missing_at", float("-inf"))
    return made


@pytest.fixture
def reporting():
    """Of this process."""
    made = Reporting()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path, monkeypatch):
    """A DATA_DIR of its own, and no counts of other tests."""
    settings.DATA_DIR = tmp_path
    for name in vars(cache_counts.counts):
        monkeypatch.setattr(cache_counts.counts, name, 0)
    return tmp_path
