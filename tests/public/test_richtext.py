"""Stored text on its way to the page: sanitised again, links resolved, today's number put in."""

import pytest

from causes.models import Edition
from causes.public.richtext import marked_text, plain_text, rich_text
from causes.public.site import NO_NUMBER
from tests.public.seen import add_card, add_section, links, page_at, parsed, words

PATHS = {"sciatica": "/conditions/sciatica/", "leg-numbness": "/symptoms/leg-numbness/"}


@pytest.mark.parametrize(
    "attributes",
    [
        'href="page:sciatica"',
        "href='page:sciatica'",
        'href="page:sciatica" title="a condition" rel="noopener"',
        'title="a condition" href="page:sciatica"',
    ],
)
def test_a_link_to_a_live_page_leads_to_its_present_address(attributes):
    html = rich_text(f"<p>See <a {attributes}>Sciatica</a>.</p>", PATHS)
    assert html == '<p>See <a href="/conditions/sciatica/">Sciatica</a>.</p>'


def test_a_link_to_a_page_that_is_not_live_keeps_its_words():
    html = rich_text('<p>See <a href="page:gone">the other page</a>, or wait.</p>', PATHS)
    assert html == "<p>See the other page, or wait.</p>"


def test_links_of_both_kinds_in_one_text_are_told_apart():
    html = rich_text(
        '<p><a href="page:gone">A</a> <a href="page:sciatica">B</a> '
        '<a href="https://www.nih.gov/">C</a></p>',
        PATHS,
    )
    assert html == (
        '<p>A <a href="/conditions/sciatica/">B</a> <a href="https://www.nih.gov/">C</a></p>'
    )


def test_an_address_is_escaped():
    html = rich_text('<p><a href="page:odd">Odd</a></p>', {"odd": '/a"><script>x</script>/'})
    assert "<script" not in html
    assert '"><' not in html


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<p onclick="alert(1)">a</p>', "<p>a</p>"),
        ('<p style="position:fixed">a</p>', "<p>a</p>"),
        ("<style>p{display:none}</style><p>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href=" java\tscript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p><a>a</a></p>"),
        # Pages of ours are named by their key: an address may change.
        ('<p><a href="/conditions/sciatica/">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="sciatica">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="../sciatica/?tag=x#top">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="#top">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="//example.com/">a</a></p>', "<p><a>a</a></p>"),
        ('<p>a<img src="x" onerror="alert(1)"></p>', "<p>a</p>"),
        ('<iframe src="https://example.com"></iframe><p>a</p>', "<p>a</p>"),
        ("<p><b>a</b> <i>b</i></p>", "<p>a b</p>"),
        ("<h1>a</h1>", "a"),
        ('<p id="main" class="card">a</p>', "<p>a</p>"),
        ("<p>a <!-- note --></p>", "<p>a </p>"),
        ("<svg><script>alert(1)</script></svg><p>a</p>", "<p>a</p>"),
        ("<p>1 < 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol><h3>c</h3>",) * 2,
    ],
)
def test_what_the_editor_does_not_offer_does_not_reach_the_page(stored, shown):
    assert rich_text(stored, {}) == shown


def test_the_emergency_number_is_todays(settings):
    settings.EMERGENCY_NUMBER = "112"
    assert rich_text("<p>Call {emergency number} now.</p>", {}) == "<p>Call 112 now.</p>"
    assert plain_text("call {emergency number}") == "call 112"


def test_without_a_number_the_text_names_the_usual_ones(settings):
    settings.EMERGENCY_NUMBER = ""
    assert rich_text("<p>Call {emergency number}.</p>", {}) == f"<p>Call {NO_NUMBER}.</p>"
    assert "911, 112, 999 or 000" in plain_text("{emergency number}")


def test_a_number_with_markup_is_escaped(settings):
    settings.EMERGENCY_NUMBER = "<b>112</b>"
    assert rich_text("<p>{emergency number}</p>", {}) == "<p>&lt;b&gt;112&lt;/b&gt;</p>"


# --- On the page -------------------------------------------------------------------------


@pytest.mark.parametrize("href", ["page:", "page:no way", "PAGE:sciatica?", "page:../admin"])
def test_a_link_to_no_page_at_all_keeps_its_words(href):
    assert rich_text(f'<p>See <a href="{href}">there</a>.</p>', PATHS) == "<p>See there.</p>"


def test_links_in_a_published_text_follow_their_pages(client, make_condition, published):
    sciatica, disc = make_condition("sciatica"), make_condition("disc")
    make_condition("draft")
    add_section(
        sciatica,
        '<p>See <a href="page:disc">the disc</a> and <a href="page:draft">the draft</a>.</p>',
    )
    for page in (disc, sciatica):
        published(page)
    document = page_at(client, "/conditions/sciatica/")
    assert links(document, "main a")["/conditions/disc/"] == "the disc"
    assert "the disc and the draft." in words(document.query_one("main"))
    assert "the draft" not in links(document).values()
    disc.slug = "herniated-disc"
    disc.save()
    published(disc)
    document = page_at(client, "/conditions/sciatica/")
    assert links(document, "main a")["/conditions/herniated-disc/"] == "the disc"


def test_links_in_what_a_group_says_are_resolved_on_the_conditions_page(
    client, make_symptom, make_category, make_condition, published
):
    symptom, sciatica, disc = make_symptom(), make_condition("sciatica"), make_condition("disc")
    group = make_category(symptom, "trapped", (sciatica,))
    group.causes.update(how='<p>Often from <a href="page:disc">a disc</a>.</p>')
    for page in (disc, sciatica, symptom, group):
        published(page)
    for address in ("/conditions/sciatica/", "/symptoms/leg-numbness/trapped/"):
        assert links(page_at(client, address))["/conditions/disc/"] == "a disc"


def test_the_pages_text_names_todays_number_and_not_that_of_its_publication(
    client, settings, make_condition, published
):
    settings.EMERGENCY_NUMBER = "911"
    condition = make_condition("sciatica", lead="<p>Call {emergency number} at once.</p>")
    add_section(condition, "<p>Or {emergency number}.</p>")
    add_card(condition, "urgent", "no one answers {emergency number}")
    published(condition)
    settings.EMERGENCY_NUMBER = "112"
    text = words(page_at(client, "/conditions/sciatica/"))
    assert "Call 112 at once." in text
    assert "Or 112." in text
    assert "no one answers 112" in text
    assert "Call 112 now if:" in text
    assert "911" not in text
    assert "{emergency number}" not in text


def test_markup_that_got_past_the_editor_is_stopped_on_the_page(client, make_condition, published):
    """The database is written behind the model's back, as an old or foreign text might be."""
    edition = published(make_condition("sciatica", lead="<p>lead</p>"))
    bad = '<p onclick="x()">lead</p><script>x()</script><a href="javascript:x()">link</a>'
    body = edition.body | {"lead": bad}
    body["cards"][0]["items"] = ["<script>x()</script>"]
    body["sections"][0]["heading"] = "<script>x()</script>"
    Edition.objects.filter(pk=edition.pk).update(body=body)
    document = parsed(client.get("/conditions/sciatica/"))
    assert [script.attrs for script in document.query("script:not([src])")] == [
        {"type": "application/ld+json"}
    ]
    assert not document.query("[onclick]")
    assert not [href for href in links(document) if href.startswith("javascript")]
    assert "<script>x()</script>" in words(document.query_one(".card"))


def test_marked_words_are_escaped_and_the_emergency_number_is_no_word(settings):
    settings.EMERGENCY_NUMBER = "<112>"
    text = "A <b> & call {emergency number} in an emergency"
    number, last = text.index("emergency"), text.rindex("emergency")
    marked = marked_text(text, [(2, 5), (number, number + 9), (last, last + 9)])
    assert marked == (
        "A <mark>&lt;b&gt;</mark> &amp; call &lt;112&gt; in an <mark>emergency</mark>"
    )
