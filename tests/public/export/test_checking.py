"""`manage.py export --check` finds in what a copy differs from the site."""

import pytest

from causes.editorial.publishing import FIXTURE, withdraw
from tests.public.export.copied import inodes


def test_a_fresh_copy_is_as_the_site(export, site, small_site):
    export()
    before = inodes(site)
    said = export("--check")
    assert said.error == ""
    assert "is as the site is now" in said.output
    assert inodes(site) == before


def test_without_a_copy_there_is_nothing_to_compare(export, site, small_site):
    assert "There is no copy" in export("--check").error
    assert not site.exists()


@pytest.fixture
def harmed(export, site, small_site) -> list[str]:
    """A copy whose files somebody has changed. Returns what there is to say of it."""
    export()
    pages = site / "conditions"
    altered = pages / "disc/index.html"
    altered.write_bytes(altered.read_bytes().replace(b"call", b"wait"))
    (pages / "clot/index.html.br").write_bytes(b"")
    (pages / "sciatica/index.html").unlink()
    (pages / "mine.txt").write_text("Mine")
    return [
        "altered: conditions/clot/index.html.br",
        "altered: conditions/disc/index.html",
        "foreign: conditions/mine.txt",
        "missing: conditions/sciatica/index.html",
    ]


def test_files_that_somebody_has_changed_are_named(export, harmed):
    said = export("--check")
    assert sorted(said.problems.splitlines()) == harmed
    assert said.error.startswith("4 difference(s) between the site and its copy of ")


def test_pages_that_the_site_has_changed_are_named(
    export, site, small_site, make_condition, published
):
    export()
    published(make_condition("another"))
    small_site.disc.summary = "Another summary."
    small_site.disc.save()
    published(small_site.disc)
    withdraw(small_site.privacy, actor=FIXTURE, note="No more.")
    said = export("--check")
    assert {
        "missing: conditions/another/index.html",
        "stale: conditions/disc/index.html",
        "withdrawn: about/privacy/index.html",
    } <= set(said.problems.splitlines())
    assert "altered" not in said.problems
    assert "difference(s) between the site and its copy of " in said.error
