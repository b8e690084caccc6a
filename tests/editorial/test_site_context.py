"""One page is looked at among a part of the site, and what is found is the same."""

import pytest

from causes.editorial import known_names
from causes.editorial.documents import document
from causes.editorial.known_names import names_that_matter
from causes.editorial.quality import findings
from causes.editorial.site_context import context_for, context_for_all
from causes.models import AlternateName, Page, Revision
from tests.conftest import go_live

of_a_small_site = pytest.mark.parametrize("names_are", ["read"], indirect=True)
of_a_large_site = pytest.mark.parametrize("names_are", ["looked up"], indirect=True)


@pytest.fixture(autouse=True, params=["read", "looked up"])
def names_are(request, monkeypatch):
    """Every test is of a small site and of a large one, unless it says which."""
    if request.param == "looked up":
        monkeypatch.setattr(known_names, "MOST_READ", 0)


def found(page, **changes) -> list[str]:
    """The texts of the findings, which the whole site must confirm."""
    now_is = document(page) | changes
    among_a_part = findings(now_is, context_for(now_is))
    assert among_a_part == findings(now_is, context_for_all())
    return [finding.text for finding in among_a_part]


def test_pages_that_it_names_are_known(make_condition):
    page = make_condition("sciatica")
    go_live(make_condition("stroke"))
    make_condition("draft")
    lead = "".join(f'<p>See <a href="page:{key}">a page</a>.</p>' for key in ("stroke", "draft"))
    told = found(page, lead=lead + '<p>And <a href="page:nowhere">that page</a>.</p>')
    assert [text for text in told if "leads nowhere" in text] == [
        "The link to “draft” leads nowhere: the page is not published.",
        "The link to “nowhere” leads nowhere: there is no such page.",
    ]


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"title": "STROKE  "}, "Choose another title"),
        ({"title": "Strоke"}, "Choose another title"),  # a Cyrillic letter
        ({"slug": "stroke"}, "Choose another slug"),
    ],
    ids=["case", "script", "slug"],
)
def test_pages_like_it_are_known(make_condition, changes, hint):
    make_condition("stroke", title="Stroke")
    page = make_condition("sciatica", title="Sciatica")
    assert any(text.startswith(hint) for text in found(page, **changes))
    assert not any(text.startswith(hint) for text in found(page))


def test_a_page_of_another_kind_is_not_like_it(make_condition, make_symptom):
    make_symptom("stroke", title="Stroke")
    page = make_condition("sciatica", title="Sciatica")
    assert not any("Choose another" in text for text in found(page, title="Stroke", slug="stroke"))


def test_names_count_as_plain_words_whichever_page_has_them(make_condition):
    page = make_condition("sciatica", title="Sciatica")
    other = make_condition("other", title="Narrow canal")
    AlternateName.objects.create(
        page=Page.objects.get(pk=other.pk), name="Spinal stenosis", anchor="a"
    )
    jargon = "“stenosis”: write"
    assert not any(text.startswith(jargon) for text in found(page, lead="<p>A stenosis.</p>"))
    AlternateName.objects.update(name="Restenosis")  # another word
    assert any(text.startswith(jargon) for text in found(page, lead="<p>A stenosis.</p>"))
    Page.objects.filter(pk=other.pk).update(title="Narrow canal (stenosis)")
    assert not any(text.startswith(jargon) for text in found(page, lead="<p>A stenosis.</p>"))


def test_names_in_the_plural_lower_the_reading_grade(make_condition):
    page = make_condition("sciatica", title="Sciatica")
    hard = "<p>Ganglioneuroblastomas grow here, and nobody sees the thing for a long time.</p>"
    graded = "Use shorter words and sentences"
    assert any(text.startswith(graded) for text in found(page, lead=hard))
    make_condition("tumour", title="Ganglioneuroblastoma (a tumour)")
    assert not any(text.startswith(graded) for text in found(page, lead=hard))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Épidermolysis polydysplastica", "épidermolysis polydysplastica"),
        ("ÉPIDERMOLYSIS À POLYDYSPLASTICA", "Épidermolysis à polydysplastica"),
        ("Barré’s polyradiculoneuropathies (PRN)", "barré’s polyradiculoneuropathies (PRN)"),
        ("Epidermolysis bullosa", "“epidermolysis bullosa”"),
        ("Epidermolysis bullosa", "sub-epidermolysis bullosas,"),
    ],
    ids=["capital", "capitals", "brackets", "quoted", "hyphen"],
)
def test_names_are_found_however_they_are_spelt(make_condition, name, text):
    page = make_condition("sciatica", title="Sciatica")
    other = make_condition("other", title="Other")
    hard = f"<p>Some people call it {text} here, and all of them have it for a long time.</p>"
    graded = "Use shorter words and sentences"
    assert any(told.startswith(graded) for told in found(page, lead=hard))
    AlternateName.objects.create(page=Page.objects.get(pk=other.pk), name=name, anchor="a")
    assert not any(told.startswith(graded) for told in found(page, lead=hard))


@of_a_large_site
def test_a_very_long_page_is_looked_at_in_part(make_condition):
    page = make_condition("sciatica", title="Sciatica")
    make_condition("stroke", title="Stroke")
    make_condition("gout", title="Gout")
    words = " ".join(f"word{number}" for number in range(5000))
    section = {"anchor": "a", "heading": "More", "body": f"<p>{words}</p>", "citations": []}
    sections = [section | {"anchor": f"a-{number}"} for number in range(5)]
    last = section | {"anchor": "z", "body": "<p>It is gout.</p>"}
    long = document(page) | {"lead": "<p>A stroke.</p>", "sections": [*sections, last]}
    assert set(names_that_matter(long)) == {"Sciatica", "Stroke"}
    short = long | {"sections": [last]}
    assert set(names_that_matter(short)) == {"Sciatica", "Stroke", "Gout"}


def test_only_pages_that_can_matter_are_kept(make_condition):
    page = make_condition("sciatica", title="Sciatica")
    for number in range(3):
        make_condition(f"other-{number}", title=f"Disorder{number} of nerves")
    assert set(context_for(document(page)).pages) == {"sciatica"}
    assert len(context_for_all().pages) == 4


@of_a_large_site
def test_of_many_names_only_those_that_can_matter_are_kept(make_condition):
    page = make_condition("sciatica", title="Sciatica", lead="<p>Of a disorder1.</p>")
    for number in range(3):
        make_condition(f"other-{number}", title=f"Disorder{number}")
    assert context_for(document(page)).known.words == {"sciatica", "disorder1"}


@of_a_small_site
@pytest.mark.parametrize(("more", "queries"), [("title", 5), ("other name", 4)])
def test_all_names_are_read_up_to_so_many_titles_and_so_many_other_names(
    make_condition, monkeypatch, django_assert_num_queries, more, queries
):
    monkeypatch.setattr(known_names, "MOST_READ", 2)
    now_is = document(make_condition("sciatica", title="Sciatica"))
    gout = Page.objects.get(pk=make_condition("gout", title="Gout").pk)
    for name in ("Podagra", "Tophi"):
        AlternateName.objects.create(page=gout, name=name, anchor=name.lower())
    with django_assert_num_queries(4):
        assert set(names_that_matter(now_is)) == {"Sciatica", "Gout", "Podagra", "Tophi"}
    if more == "title":
        make_condition("stroke", title="Stroke")
    else:
        AlternateName.objects.create(page=gout, name="Uric acid", anchor="uric-acid")
    with django_assert_num_queries(queries):
        assert set(names_that_matter(now_is)) == {"Sciatica"}


def test_every_shipped_page_is_found_the_same(shipped):
    context = context_for_all()
    newest = Revision.objects.newest().values_list("document", flat=True)
    assert len(newest) > 30
    for now_is in newest:
        # Longer words than it may use, so that what counts as known decides.
        body = "<p>Multiple sclerosis and spinal stenosis, neuropathy, thrombosis or sciatica.</p>"
        links = '<p><a href="page:stroke">Stroke</a> and <a href="page:nowhere">this</a>.</p>'
        worse = now_is | {"summary": "Spondylolisthesis", "lead": body + links}
        for look in (now_is, worse):
            assert findings(look, context_for(look)) == findings(look, context)
