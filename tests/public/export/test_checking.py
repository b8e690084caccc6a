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


def publish_another(small_site, site, make_condition, published):
    published(make_condition("another"))


def change_one(small_site, site, make_condition, published):
    small_site.disc.summary = "Another summary."
    small_site.disc.save()
    published(small_site.disc)


def withdraw_one(small_site, site, make_condition, published):
    withdraw(small_site.privacy, actor=FIXTURE, note="No more.")


def alter_one(small_site, site, make_condition, published):
    page = site / "conditions/disc/index.html"
    page.write_bytes(page.read_bytes().replace(b"call", b"wait"))


def alter_a_variant(small_site, site, make_condition, published):
    (site / "conditions/disc/index.html.br").write_bytes(b"")


def lose_one(small_site, site, make_condition, published):
    (site / "conditions/disc/index.html").unlink()


def add_one(small_site, site, make_condition, published):
    (site / "conditions/mine.txt").write_text("Mine")


@pytest.mark.parametrize(
    ("harm", "line", "number"),
    [
        (publish_another, "missing: conditions/another/index.html", None),
        (change_one, "stale: conditions/disc/index.html", None),
        (withdraw_one, "withdrawn: about/privacy/index.html", None),
        (alter_one, "altered: conditions/disc/index.html", 1),
        (alter_a_variant, "altered: conditions/disc/index.html.br", 1),
        (lose_one, "missing: conditions/disc/index.html", 1),
        (add_one, "foreign: conditions/mine.txt", 1),
    ],
)
def test_a_difference_is_named(
    export, site, small_site, make_condition, published, harm, line, number
):
    export()
    harm(small_site, site, make_condition, published)
    said = export("--check")
    assert line in said.problems.splitlines()
    assert "difference(s) between the site and its copy of " in said.error
    if number:
        assert said.error.startswith(f"{number} difference")
