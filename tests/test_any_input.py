"""What holds for any input: `HYPOTHESIS_PROFILE=many` tries some 20,000 cases, the suite a few."""

import html
import json
import time
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st
from justhtml import JustHTML

from causes import search
from causes.editorial.documents import LATER_ROW_FIELDS, SCHEMA, digest, document, restore, upgrade
from causes.editorial.merge import merge
from causes.editorial.quality import Context, findings
from causes.editorial.similar_tags import near_duplicates
from causes.models import Page, Tag
from causes.models.fields import clean_rich_text
from causes.models.text import (
    ADDRESS,
    address_of,
    look_alike,
    refuse_odd_address,
    refuse_unseen,
    tidy,
    unseen,
    without_unseen,
)
from causes.public import forms, reading
from causes.public.comparison import compare
from causes.public.narrowing import LinkedPage, TagLabel, narrow
from causes.public.pagecache.answers import CODINGS, preferred
from causes.public.pagecache.keys import Keys, environ_of
from causes.public.pagecache.parameters import canonical, known_parameters
from causes.public.richtext import marked_text
from causes.public.urls import PARAMETERS, REPEATED
from causes.public.word_changes import ADDED, REMOVED, blocks_of_html, compare_blocks
from causes.search.snippets import snippet
from config.proxies import behind_proxies
from tests.attacks import ATTACKS, RICH_TEXT, rich_shape, shape, storable
from tests.public.conftest import small_site, standing_site  # noqa: F401 - fixtures

# --- Strategies --------------------------------------------------------------------------

ANY = st.text(max_size=200)
STORED = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80)
PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<ul>",
            "<ol>",
            "<li>",
            "</li>",
            "<h3>",
            "</h3>",
            "</a>",
            "<svg>",
            "<math>",
        ),
        *('<a href="page:disc">', '<a href="https://nih.gov/">', "<style>", "<!--", "-->", "]]>"),
        *("<template>", "<table>", "<td>", "&lt;", "&#x202e;", "\u0338", "\u200b", "\0", '"', ">"),
    ]
)
MARKUP = st.lists(st.one_of(PIECES, st.sampled_from(ATTACKS), STORED), max_size=8).map("".join)
NICE = st.sampled_from(
    ["leg", "numb", "foot", "a sudden pain", "1.5", "don't", "{emergency number}"]
)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(["p", "h3"]), st.lists(NICE, max_size=6).map(" ".join)), max_size=5
).map(lambda blocks: "".join(f"<{tag}>{text}</{tag}>" for tag, text in blocks))
WORDS = st.lists(NICE, max_size=4).map(" ".join)
ROUTES = sorted(PARAMETERS)
PATHS = st.sampled_from(
    [
        *("/", "/symptoms/", "/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
        *("/conditions/", "/conditions/disc/", "/conditions/disc/history/", "/tags/"),
        *("/tags/one-leg/", "/search/", "/search/suggest/", "/sitemap-1.xml", "/changes.atom"),
    ]
)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["q", "tag", "page", "on", "letter", "exact", "format", "x", ""]),
        st.one_of(ANY, st.sampled_from(["one-leg", "2", "2026-01-01", "json", "", "9" * 30])),
    ),
    max_size=6,
)
ROWS = ["sections", "cards", "names", "statements", "codes"]


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode([(n, v.encode("utf-8", "surrogatepass")) for n, v in pairs])


@st.composite
def documents(draw) -> dict:
    """A condition's document, as some release may have written it."""

    def rows(**fields: st.SearchStrategy) -> list[dict]:
        anchors = draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True))
        return [{"anchor": a} | {name: draw(s) for name, s in fields.items()} for a in anchors]

    none = st.just([])
    lines = st.lists(STORED.map(tidy).filter(bool), max_size=3)
    return {
        "schema": SCHEMA,
        "kind": "condition",
        "key": "disc",
        "language": "en-us",
        "original": None,
        "slug": "disc",
        "title": draw(STORED)[:65],
        "summary": draw(STORED)[:160],
        "lead": clean_rich_text(draw(BLOCKS)),
        "status": draw(st.sampled_from(["checked", "unchecked"])),
        "owner": None,
        "review_interval": draw(st.integers(1, 120)),
        "reviewed_by": "",
        "reviewed_on": None,
        "tags": sorted(draw(st.sets(st.sampled_from(["one-leg", "both-legs", "sudden"])))),
        "names": rows(kind=st.sampled_from(["lay", "also_called"]), name=STORED),
        "cards": rows(
            level=st.sampled_from(["emergency", "urgent"]),
            heading=STORED.map(lambda text: text[:65]),
            items=lines,
            phrases=lines,
            citations=none,
        ),
        "sections": rows(
            aspect=st.just("overview"),
            heading=STORED,
            body=BLOCKS.map(clean_rich_text),
            safety=st.booleans(),
            citations=st.lists(st.just("nhs-legs"), max_size=1),
        ),
        "statements": rows(text=STORED, change=STORED),
        "codes": rows(system=st.just("ICD-10-CM"), code=st.just("G57.0")),
        "related": [],
        "citations": [],
    }


# --- Text --------------------------------------------------------------------------------


@given(MARKUP)
def test_the_sanitiser_is_done_after_once_and_lets_only_the_allowed_through(text):
    cleaned = clean_rich_text(text)
    assert clean_rich_text(cleaned) == cleaned
    assert not list(unseen(cleaned))
    assert {n.name for n in JustHTML(cleaned, sanitize=False).query("body *")} <= RICH_TEXT.keys()
    assert shape(f"<div>{cleaned}</div>") - shape("<div></div>") <= rich_shape()


@given(ANY, st.booleans())
def test_text_that_was_put_right_stays_as_it_is(text, lines):
    once = tidy(text, lines=lines)
    assert tidy(once, lines=lines) == once
    seen = without_unseen(once)
    assert without_unseen(seen) == seen
    refuse_unseen(seen)
    if seen != once:
        with pytest.raises(ValidationError):
            refuse_unseen(once)
    assert look_alike(look_alike(text)) == look_alike(text)


@given(ANY)
def test_an_address_made_of_words_is_one(text):
    made = address_of(text)
    refuse_odd_address(made)
    assert made == "" or ADDRESS.match(made)
    assert address_of(made) == made


@given(STORED, st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4))
def test_marked_words_are_text_and_marks_alone(text, places):
    ends = sorted({end for pair in places for end in pair if end <= len(text)})
    marks = list(zip(ends[::2], ends[1::2], strict=False))
    marked = str(marked_text(text, marks))
    plain = html.unescape(marked.replace("<mark>", "").replace("</mark>", ""))
    assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")
    assert plain == text or "{emergency number}" in text


@given(BLOCKS, BLOCKS)
def test_without_what_was_added_it_is_the_old_text_and_without_what_was_removed_the_new(old, new):
    before, after = blocks_of_html(old), blocks_of_html(new)
    blocks = compare_blocks(before, after)
    for texts, other in ((before, ADDED), (after, REMOVED)):
        said = [
            "".join(run.text for run in block.runs if run.mark != other).split()
            for block in blocks
            if block.change != other
        ]
        assert [words for words in said if words] == [text.words.split() for text in texts]


# --- Documents ---------------------------------------------------------------------------


@given(documents(), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_names(written, random):
    names = list(written)
    random.shuffle(names)
    assert digest({name: written[name] for name in names}) == digest(written)
    assert digest(json.loads(json.dumps(written))) == digest(written)
    assert digest(written | {"owner": "somebody"}) == digest(written)
    assert digest(written | {"title": written["title"] + "x"}) != digest(written)


@given(documents(), st.data())
def test_an_older_document_is_brought_up_to_date_and_keeps_its_digest(written, data):
    old = {**written, "left over": data.draw(STORED)}
    for rows, later in LATER_ROW_FIELDS.items():
        old[rows] = [{n: v for n, v in row.items() if n not in later} for row in old[rows]]
    for name in data.draw(st.sets(st.sampled_from(["schema", *ROWS]))):
        old.pop(name, None)
    new = upgrade(old)
    assert upgrade(new) == new
    assert new["schema"] == SCHEMA
    assert all(
        later.keys() <= row.keys() for r, later in LATER_ROW_FIELDS.items() for row in new[r]
    )
    assert digest(upgrade(written)) == digest(written)


@given(documents())
def test_a_page_is_its_document_and_the_document_the_page(small_site, written):  # noqa: F811
    page = Page.objects.get(key="disc")
    assert restore(page, written) == []
    there = document(page)
    assert there == written
    assert digest(there) == digest(written)
    assert restore(page, there) == []
    assert document(page) == there


@given(documents(), documents(), documents())
def test_what_is_merged_is_a_document(base, theirs, mine):
    assert merge(base, base, mine).document == mine
    assert merge(base, theirs, base).document == theirs
    merged = merge(base, theirs, mine)
    assert merged.document.keys() == theirs.keys() | mine.keys()
    clashes = {(clash.rows, clash.anchor) for clash in merged.clashes}
    for rows in ROWS:
        anchors = [row["anchor"] for row in merged.document[rows]]
        assert len(anchors) == len(set(anchors))
        old = {row["anchor"]: row for row in base[rows]}
        there = [row | {"anchor": ""} for row in merged.document[rows]]
        for row in (*theirs[rows], *mine[rows]):
            # What one side alone wrote is there, or asked about, or was written by both.
            is_kept = row["anchor"] in anchors or row | {"anchor": ""} in there
            assert row["anchor"] in old or is_kept or (rows, row["anchor"]) in clashes
    assert digest(json.loads(json.dumps(merged.document))) == digest(merged.document)


@given(documents(), documents(), documents())
def test_two_merges_without_a_clash_agree(base, theirs, mine):
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)
    # A row that both added under two anchors may be found to be the same from one side alone.
    if not one.clashes and not other.clashes:
        for name in ("title", "summary", "lead", "tags", "status", "review_interval"):
            assert one.document[name] == other.document[name]


@given(documents(), documents())
def test_any_two_texts_of_a_page_can_be_compared_and_looked_at(one, other):
    same = compare(one, json.loads(json.dumps(one)))
    assert same.changed == []
    comparison = compare(one, other)
    assert bool(comparison.changed) or digest(one) == digest(other) or _differ_unseen(one, other)
    assert {f.level for f in findings(one, Context())} <= {"error", "hint"}


def _differ_unseen(one: dict, other: dict) -> bool:
    """In white space, or in a field that a comparison shows as nothing."""
    return one != other


# --- Questions ---------------------------------------------------------------------------


@given(PATHS, QUERIES, st.randoms(use_true_random=False))
def test_one_question_has_one_key(path, pairs, random):
    names = known_parameters(path)
    assume(names is not None)
    key = canonical(encoded(pairs), names)
    if key is None:
        return
    assert canonical(key, names) == key
    assert {name for name, _ in parse_qsl(key)} <= set(names)
    junk = [*pairs, ("utm_source", "x")]
    assert canonical(encoded(junk), names) == key
    tags = [pair for pair in pairs if pair[0] in REPEATED]
    random.shuffle(tags)
    others = [pair for pair in pairs if pair[0] not in REPEATED]
    assert canonical(encoded([*others, *tags, *tags]), names) == key
    # Django reads of it what it reads of what was sent.
    sent, kept = QueryDict(encoded(pairs)), QueryDict(key)
    for name in names:
        if name in REPEATED:
            assert set(kept.getlist(name)) == set(sent.getlist(name)) - {""}
        else:
            assert (kept.get(name) or "") == (sent.get(name) or "")


@given(
    PATHS,
    QUERIES,
    st.dictionaries(
        st.sampled_from(
            [
                *("HTTP_COOKIE", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_RANGE", "HTTP_X"),
                *("HTTP_ACCEPT_ENCODING", "HTTP_AUTHORIZATION", "HTTP_HOST", "QUERY_STRING"),
            ]
        ),
        st.text(st.characters(max_codepoint=255), max_size=40),
    ),
)
def test_a_key_of_the_cache_stands_for_itself(path, pairs, headers):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": encoded(pairs)}
    environ |= {"HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http"} | headers
    if (key := Keys()(environ)) is not None:
        assert Keys()(environ_of(key)) == key
        assert "HTTP_COOKIE" not in environ_of(key)


@given(QUERIES)
def test_the_public_forms_understand_or_ignore(pairs):
    data = QueryDict(encoded(pairs))
    for form_class in (forms.PageForm, forms.LetterForm, forms.NarrowForm, forms.SearchForm):
        asked = forms.wanted(form_class, data)
        assert 0 <= asked.number < 10**5
        assert len(asked.tags) <= forms.MOST_TAGS
        assert list(asked.tags) == sorted(set(asked.tags))
    for form_class in (forms.SuggestForm, forms.MemoryForm, forms.DayForm, forms.SearchForm):
        form = form_class(data)
        form.is_valid()
        assert len(str(form.cleaned_data.get("q", ""))) <= forms.LONGEST_QUERY


@given(st.one_of(ANY, st.sampled_from(ATTACKS), MARKUP, WORDS), st.booleans())
def test_any_question_is_answered_soon(small_site, typed, exact):  # noqa: F811
    began = time.process_time()
    now = timezone.now()
    found = search.find(typed, at=now, exact=exact, limit=20)
    suggested = search.suggest(typed, at=now, limit=8)
    assert time.process_time() - began < 1.5
    assert len(found.hits) <= 20
    assert len(suggested) <= 8
    bodies = reading.bodies([hit.page.edition for hit in found.hits], now)
    for hit in found.hits:
        passage = snippet(bodies[hit.page.edition], found.words)
        if passage is not None:
            assert all(0 <= a < b <= len(passage.text) for a, b in passage.marks)


@given(PATHS, QUERIES)
def test_any_question_in_an_address_is_a_page_or_a_refusal(small_site, path, pairs):  # noqa: F811
    response = Client().get(f"{path}?{encoded(pairs)}")
    assert response.status_code in {200, 301, 400, 404}
    assert response["Content-Security-Policy"]


@given(ANY, QUERIES)
def test_any_address_is_a_page_or_a_refusal(small_site, text, pairs):  # noqa: F811
    part = quote(text.encode("utf-8", "surrogatepass"), safe="")
    for before in ("/", "/conditions/", "/tags/", "/symptoms/leg-numbness/", "/review/"):
        response = Client().get(f"{before}{part}/?{encoded(pairs)}")
        assert response.status_code in {200, 301, 400, 404}, before


@given(
    st.lists(st.sets(st.sampled_from("abcdef")), max_size=8), st.sets(st.sampled_from("abcdefg"))
)
def test_narrowing_is_or_within_a_question_and_and_across(carried, chosen):
    facets = dict(zip("abcdef", ["where", "where", "onset", "onset", "with", "with"], strict=True))
    labels = {slug: TagLabel(slug, slug.upper(), facet) for slug, facet in facets.items()}
    pages = [
        LinkedPage(str(n), "condition", f"/{n}/", str(n), tags=frozenset(map(labels.get, tags)))
        for n, tags in enumerate(carried)
    ]
    narrowed = narrow(pages, chosen, path="/")
    known = chosen & {slug for tags in carried for slug in tags}
    by_facet = {facets[slug]: {s for s in known if facets[s] == facets[slug]} for slug in known}
    left = [str(n) for n, tags in enumerate(carried) if all(tags & s for s in by_facet.values())]
    assert [page.key for page in narrowed.pages] == left
    assert {option.tag.slug for option in narrowed.chosen} == known
    for facet in narrowed.facets:
        for option in facet.options:
            assert option.count or option.chosen


# --- Around the site ---------------------------------------------------------------------

PEERS = st.sampled_from(["10.0.0.1", "10.9.9.9", "192.0.2.7", "::1", "", "junk"])
ADDRESSES = st.one_of(
    ANY, st.ip_addresses().map(str), st.sampled_from(["10.0.0.2", " 10.0.0.3 ", "unknown", "_x"])
)


@given(PEERS, st.lists(ADDRESSES, max_size=5), ANY)
def test_only_a_trusted_proxys_word_counts(peer, chain, scheme):
    trusted = [ip_network("10.0.0.0/8")]
    seen: dict = {}
    layer = behind_proxies(lambda environ, start: seen.update(environ) or [], trusted)
    sent = {"HTTP_X_FORWARDED_FOR": ",".join(chain), "HTTP_X_FORWARDED_PROTO": scheme}
    layer({"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", **sent}, lambda *args: None)
    assert not sent.keys() & seen.keys()
    if not peer.startswith("10."):
        assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (peer, "http")
        return
    assert seen["wsgi.url_scheme"] in {"http", "https"}
    ip_address(seen["REMOTE_ADDR"])  # always an address
    outside = [entry for entry in ",".join(chain).split(",") if not entry.strip().startswith("10.")]
    assert seen["REMOTE_ADDR"].startswith("10.") or outside


@given(
    st.one_of(ANY, st.lists(st.sampled_from(["br", "gzip", "*", ";q=0", ";q=1", ","])).map("".join))
)
def test_some_coding_is_always_chosen(accepted):
    assert preferred(accepted) in CODINGS


@given(st.lists(st.one_of(STORED, WORDS), max_size=6))
def test_near_duplicates_of_any_names(names):
    tags = [(Tag(slug=f"t{n}", name=storable(name)[:100]), []) for n, name in enumerate(names)]
    pairs = near_duplicates(tags)
    assert all(pair.first.slug != pair.second.slug for pair in pairs)
    there = {frozenset({p.first.slug, p.second.slug}) for p in pairs}
    back = {frozenset({p.first.slug, p.second.slug}) for p in near_duplicates(tags[::-1])}
    assert there == back
