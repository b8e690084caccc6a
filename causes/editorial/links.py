"""Every address that pages name: of our own pages, and of other sites with what came of asking."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from html import unescape

from django.db.models import F

from causes.editorial.bodies import cited_keys
from causes.editorial.quality import Document
from causes.editorial.quality.texts import texts
from causes.models import CheckedLink, Edition, Page, Revision, Source

EXTERNAL = re.compile(r'href="(https?://[^"]+)"', re.IGNORECASE)
LONGEST = CheckedLink._meta.get_field("url").max_length


def dead_internal_links() -> Iterator[str]:
    """One sentence for each link between pages that readers cannot open, or would not be able to
    once the draft is published. Asks no other site."""
    live = set(Edition.objects.live().values_list("key", flat=True))
    known = dict(Page.objects.values_list("key", "archived_at"))

    def problem(key: str) -> str:
        if key not in known:
            return "there is no such page"
        return "it is in the archive" if known[key] else "it is not published"

    dead: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edition in Edition.objects.live().order_by("key").iterator(chunk_size=200):
        for key in edition.linked_keys() - live:
            dead[edition.key, key].append("live")
    for revision in Revision.objects.newest().select_related("page").iterator(chunk_size=200):
        draft = Edition(body=revision.document)
        for key in draft.linked_keys() - live:
            dead[revision.page.key, key].append("draft")
    for (page, key), places in sorted(dead.items()):
        yield f"{page} ({' and '.join(places)}): the link to “{key}” leads nowhere: {problem(key)}"


def external_addresses() -> dict[str, list[str]]:
    """The keys of the pages that name each address, in a text or as a source: in their newest
    version, or live."""
    found: dict[str, set[str]] = defaultdict(set)
    sources = dict(Source.objects.values_list("key", "url"))
    for revision in Revision.objects.newest().select_related("page").iterator(chunk_size=200):
        cited = set(cited_keys(revision.document)) & sources.keys()
        for url in {*(sources[key] for key in cited), *_in_texts(revision.document)}:
            found[url].add(revision.page.key)
    for edition in Edition.objects.live().iterator(chunk_size=200):
        cited = edition.body.get("sources", {}).values()
        for url in {*(source["url"] for source in cited), *_in_texts(edition.body)}:
            found[url].add(edition.key)
    return {url: sorted(pages) for url, pages in sorted(found.items())}


def _in_texts(body: Document) -> Iterator[str]:
    for text in texts(body):
        yield from map(unescape, EXTERNAL.findall(text.html))


def forget_unnamed(named: set[str]) -> int:
    """Drop what is known of addresses that no page names any more. Returns how many."""
    kept = CheckedLink.objects.values_list("pk", "url")
    gone = [pk for pk, url in kept if url not in named]
    return CheckedLink.objects.filter(pk__in=gone).delete()[0]


def to_ask(named: set[str], since: datetime) -> list[str]:
    """Those that nobody has asked since then, the longest unasked first."""
    asked = dict(CheckedLink.objects.values_list("url", "checked_at"))
    due = [url for url in named if url not in asked or asked[url] < since]
    return sorted(due, key=lambda url: (url in asked, asked.get(url), url))


def write_down(url: str, problem: str, at: datetime) -> None:
    problem = problem[:200]
    link, is_new = CheckedLink.objects.get_or_create(
        url=url,
        defaults={"problem": problem, "checked_at": at, "failures": int(bool(problem))},
    )
    if not is_new:
        CheckedLink.objects.filter(pk=link.pk).update(
            problem=problem, checked_at=at, failures=F("failures") + 1 if problem else 0
        )
