"""Fixture records for the tests of `loaddata`, and what they compare afterwards."""

from causes.editorial.documents import digest, document
from causes.models import Edition, Page, Revision, Section, TaggedPage

SOURCE = {
    "model": "causes.source",
    "fields": {"key": "nih", "publisher": "NIH", "title": "Nerves", "url": "https://nih.gov/n"},
}
TAGS = [
    {"model": "causes.tag", "fields": {"slug": slug, "name": slug, "facet": "where"}}
    for slug in ("foot", "one-leg")
]


def page_records(key: str, kind: str = "condition", **fields) -> list[dict]:
    page = {"key": key, "kind": kind, "slug": key, "title": key.capitalize()}
    child = {"page_ptr": [key]}
    if kind == "symptom":
        child["in_sentence"] = key
    return [
        {"model": "causes.page", "fields": page | fields},
        {"model": f"causes.{kind}", "fields": child},
        row("carecard", key, "emergency", level="emergency", items=["help"], citations=[["nih"]]),
    ]


def row(model: str, key: str, anchor: str, **fields) -> dict:
    return {"model": f"causes.{model}", "fields": {"page": [key], "anchor": anchor} | fields}


def section(key: str, anchor: str, **fields) -> dict:
    text = {"heading": "Tests", "body": "<p>Blood tests.</p>", "citations": [["nih"]]}
    return row("section", key, anchor, **text | fields)


def tagged(key: str, slug: str) -> dict:
    return {"model": "causes.taggedpage", "fields": {"content_object": [key], "tag": [slug]}}


SCIATICA = [
    *page_records("sciatica"),
    section("sciatica", "tests"),
    section("sciatica", "outlook", order=2),
    tagged("sciatica", "foot"),
    tagged("sciatica", "one-leg"),
]
FIXTURE = [SOURCE, *TAGS, *SCIATICA]


def everything() -> dict:
    """The database, as far as readers, editors and history are concerned."""
    pages = {page.key: digest(document(page)) for page in Page.objects.all()}
    editions = [  # a dump keeps milliseconds
        (edition.key, edition.digest, edition.live_from.isoformat(timespec="milliseconds"))
        for edition in Edition.objects.order_by("pk")
    ]
    counts = [model.objects.count() for model in (Page, Section, TaggedPage, Revision, Edition)]
    return {"pages": pages, "editions": editions, "counts": counts}
