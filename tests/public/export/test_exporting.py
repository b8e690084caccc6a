"""When an export writes what: changes only, and all of one moment."""

from datetime import timedelta

from django.conf import settings as site_settings
from django.db.models import F
from django.utils import timezone

from causes.editorial.publishing import FIXTURE, raise_content_version, withdraw
from causes.models import Edition, Tag
from causes.public.export import exporting, walking
from tests.public.export.copied import Versioned, files_in, inodes, page_in
from tests.public.seen import links, words
from tests.public.test_addresses import move

SYMPTOM = "/symptoms/leg-numbness/"
OUR_HOST = site_settings.SITE_URL


def change(page, publish, summary="Another summary.", **options) -> None:
    page.summary = summary
    page.save()
    publish(page, **options)


def test_it_says_what_it_did(export, site, small_site):
    first = export().output
    number = len(files_in(site))
    pages = len(files_in(site, "*.html"))
    assert f"{pages} pages. {number} files changed, 0 unchanged, 0 removed" in first
    assert f"0 files changed, {number} unchanged, 0 removed" in export().output


def test_the_picture_of_the_legs_offers_the_same_choices(
    export, site, small_site, make_tag, published
):
    small_site.sciatica.tags.add(make_tag("foot"), make_tag("saddle-area"))
    published(small_site.sciatica)
    export()
    whole = links(page_in(site, SYMPTOM), ".legs svg a")
    assert len(whole) == 4
    narrowed = page_in(site, f"{SYMPTOM}tag=foot/")
    assert {*links(narrowed, ".legs svg a")} - {f"{SYMPTOM}#causes"} == {
        *(set(whole) - {f"{SYMPTOM}tag=foot/#causes"})
    }
    [chosen] = narrowed.query(".legs svg a[aria-current]")
    assert chosen.attrs["href"] == f"{SYMPTOM}#causes"


def test_only_what_changed_is_written(export, site, small_site, published):
    export()
    before = inodes(site)
    change(small_site.disc, published)
    said = export()
    after = inodes(site)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed >= {"conditions/disc/index.html", "symptoms/leg-numbness/index.html"}
    # These show neither the disc nor when something was published; but one says the time.
    unchanged = {"conditions/clot/index.html", "about/privacy/index.html", "robots.txt"}
    assert not changed & unchanged
    assert "search/index.html" in changed
    assert f"{len(changed) - 1} files changed" in said.output


def test_a_page_that_did_not_change_keeps_its_moment(
    export, site, small_site, published, monkeypatch
):
    later = timezone.now() + timedelta(days=400)
    export()
    change(small_site.disc, published)
    monkeypatch.setattr(exporting.timezone, "now", lambda: later)
    export()
    texts = {
        a: words(page_in(site, a).query_one("header")) for a in ("/conditions/clot/", "/search/")
    }
    assert f"{later:%Y}" not in texts["/conditions/clot/"]
    assert f"{later:%Y}" in texts["/search/"]


def test_a_withdrawn_page_is_gone_from_the_next_copy(export, site, small_site):
    export()
    assert (site / "about/privacy/index.html.br").exists()
    withdraw(small_site.privacy, actor=FIXTURE, note="No more.")
    said = export()
    assert not (site / "about").exists()
    assert " 1 removed" in said.output


def test_a_page_that_is_open_since_the_last_copy_still_has_its_styles(
    export, site, small_site, settings, monkeypatch
):
    storage = {"BACKEND": f"{Versioned.__module__}.{Versioned.__name__}"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    found = []
    for version in ("1", "2", "3"):
        monkeypatch.setattr(Versioned, "version", version)
        export()
        found.append(sorted(path.name for path in (site / "static").iterdir()))
    assert found == [["1"], ["1", "2"], ["2", "3"]]
    assert export("--check").error == ""


def test_an_earlier_address_leads_to_the_present_one(export, site, small_site, published):
    move(small_site.disc, "slipped-disc", published)
    small_site.one_leg.aliases.create(name="A leg", slug="a-leg")
    export()
    for old, new in {
        "/conditions/disc/": "/conditions/slipped-disc/",
        "/tags/a-leg/": "/tags/one-leg/",
    }.items():
        page = page_in(site, old)
        assert new in links(page, "main a")
        refresh = page.query_one("meta[http-equiv=refresh]")
        assert refresh.attrs["content"] == f"0; url={new}"
        assert page.query_one("meta[name=robots]").attrs["content"] == "noindex"
        assert links(page, "link[rel=canonical]") == {f"{OUR_HOST}{new}": ""}


def test_a_draft_and_a_scheduled_page_are_in_no_copy(
    export, site, small_site, make_condition, published
):
    make_condition("draft")
    published(make_condition("later"), at=timezone.now() + timedelta(hours=1))
    export()
    for path in files_in(site).values():
        assert b"draft" not in path.read_bytes()
        assert b"later" not in path.read_bytes().replace(b"look later", b"")


def during(monkeypatch, then) -> None:
    """Calls ``then`` once a third of the site is copied."""
    seen = []
    do = walking.do

    def and_then(task, work):
        done = []
        for one in work:
            done += do(task, [one])
            seen.append(one)
            if len(seen) % 10 == 0:
                then(len(seen) // 10)
        return done

    monkeypatch.setattr(walking, "do", and_then)


def test_a_publication_during_the_export_does_not_mix(
    export, site, small_site, published, monkeypatch
):
    with monkeypatch.context() as patched:
        during(
            patched,
            lambda n: change(small_site.disc, published, f"Summary {n}.") if n < 3 else None,
        )
        assert export().error == ""
    assert Edition.objects.live().get(key="disc").summary == "Summary 2."
    for path in files_in(site).values():
        assert b"Summary" not in path.read_bytes()
    export()
    assert b"Summary 2." in (site / "symptoms/leg-numbness/index.html").read_bytes()


def test_a_schedule_that_comes_during_the_export_does_not_mix(
    export, site, small_site, published, monkeypatch
):
    at = timezone.now()
    change(small_site.disc, published, "From now on.")
    with monkeypatch.context() as patched:
        patched.setattr(exporting.timezone, "now", lambda: at)
        export()
    for path in files_in(site).values():
        assert b"From now on." not in path.read_bytes()


def change_tag(**fields) -> None:
    Tag.objects.filter(slug="one-leg").update(**fields)
    raise_content_version()


def test_a_tag_renamed_during_the_export_is_renamed_everywhere(
    export, site, small_site, monkeypatch
):
    def rename(number: int) -> None:
        if number == 2:
            change_tag(name="Single leg")

    with monkeypatch.context() as patched:
        during(patched, rename)
        assert export().error == ""
    for path in files_in(site).values():
        # What a page carries itself is its own text; links and lists show today's names.
        assert b">One leg" not in path.read_bytes().split(b"<h2>Tags</h2>")[0]


def test_tags_that_are_changed_again_and_again_leave_the_last_copy(
    export, site, small_site, monkeypatch
):
    export()
    before = inodes(site)
    with monkeypatch.context() as patched:
        during(patched, lambda number: change_tag(order=F("order") + 1))
        assert "changed again and again" in export().error
    assert inodes(site) == before
    assert len(list(site.with_name("site.copies").glob("*.jsonl"))) == 1


def test_a_page_that_fails_leaves_the_last_copy(export, site, small_site, monkeypatch):
    export()
    before = inodes(site)
    address = Edition.objects.filter(key="disc")
    monkeypatch.setattr("causes.public.reading.edition_at", lambda path, at: None)
    said = export()
    assert "the site shows no page at" in said.error
    assert address.exists()
    assert inodes(site) == before


def test_static_files_that_are_not_collected_are_named(
    export, site, small_site, settings, tmp_path
):
    settings.STATIC_ROOT = tmp_path / "nothing"
    said = export()
    assert "is not collected: run `manage.py collectstatic`" in said.error
    assert not site.exists()


def test_a_link_that_leads_nowhere_is_named(export, site, small_site, monkeypatch):
    monkeypatch.setattr("causes.public.sitemaps.ListSitemap.items", lambda self: ["/nothing/"])
    said = export()
    assert said.error == ""
    assert "/nothing/, linked from /sitemap.xml" in said.problems


def test_harmed_files_are_made_whole(export, site, small_site):
    export()
    harmed = [site / f"conditions/{name}" for name in ("disc/index.html", "clot/index.html.br")]
    whole = [file.read_bytes() for file in harmed]
    for file in harmed:
        file.write_bytes(b"Half a pa")
    export()
    assert [len(file.read_bytes()) for file in harmed] == list(map(len, whole))
