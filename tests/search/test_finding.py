"""Which pages a question finds, in which order, and under which tags."""

import pytest
from django.utils import timezone

from causes import search
from causes.models import Kind, Page
from causes.models.compiled import MOST_IDS, CompiledQuery
from causes.search import finding
from tests.conftest import go_live

# --- By what a page says and by what it is called ---------------------------------------------


def test_a_page_is_found_by_its_title_its_names_and_every_part_of_its_text(make_page, keys):
    make_page("a", title="Alpha", names=["beta"], text="Gamma rays.", summary="Delta.")
    make_page("b", title="Other", lead="<p>Epsilon.</p>")
    for word in ("alpha", "BETA", "gamma", "delta", "plain", "sentence", "nothing"):
        assert ("a" in keys(word)) == (word != "nothing"), word
    assert keys("epsilon") == ["b"]
    assert set(keys("you cannot move your leg")) == {"a", "b"}  # their emergency card


def test_any_of_the_words_is_enough(make_page, keys):
    make_page("a", title="Alpha")
    assert keys("alpha zzzzzzzz qqqqqqqq") == ["a"]


def test_nothing_known_finds_nothing(make_page, found):
    make_page("a", title="Alpha")
    for question in ("zzzzzzzz qqqqqqqq", "", "?!", "\0", "  \t\n"):
        answer = found(question)
        assert (answer.hits, answer.total, answer.engine) == ((), 0, True), question


def test_the_page_with_the_very_name_comes_first(make_page, keys):
    make_page("after", title="Life after a stroke at home", text="Stroke. " * 30)
    make_page("heat", title="Heat stroke")
    make_page("stroke", title="Stroke")
    assert keys("stroke")[0] == "stroke"
    assert keys("what is a stroke?")[0] == "stroke"
    assert keys("heat stroke")[0] == "heat"


def test_a_name_of_any_kind_counts_as_much_as_the_title(make_page, found):
    make_page("disc", title="Herniated disc", names=["slipped disc"])
    make_page("slip", title="Slips and falls", text="A disc may slip, a slipped disc hurts.")
    hits = found("slipped disc").hits
    assert [hit.key for hit in hits] == ["disc", "slip"]
    assert [hit.name for hit in hits] == ["slipped disc", ""]


def test_the_title_is_never_named_as_another_name(make_page, found):
    make_page("disc", title="Herniated disc", names=["slipped disc"])
    assert found("herniated disc").hits[0].name == ""


def test_a_name_is_only_said_where_half_of_it_was_asked_for(make_page, found):
    make_page("a", title="Alpha", names=["one two three nerve"])
    assert found("nerve").hits[0].name == ""
    assert found("two three").hits[0].name == "one two three nerve"


def test_many_names_are_no_more_than_the_best_of_them(make_page, keys):
    make_page("many", title="Alpha", names=[f"nerve sort {n}" for n in range(9)])
    make_page("one", title="Nerve")
    assert keys("nerve")[0] == "one"


def test_a_stop_word_counts_within_a_name(make_page, keys):
    make_page("b", title="Hepatitis B")
    make_page("a", title="Hepatitis A", text="Text that makes it longer. " * 9)
    make_page("c", title="Hepatitis C")
    assert keys("hepatitis a")[0] == "a"
    assert keys("what is hepatitis A?")[0] == "a"


def test_accents_endings_and_apostrophes_make_no_difference(make_page, keys):
    make_page("gbs", title="Guillain-Barré syndrome")
    make_page("paget", title="Paget’s disease")
    make_page("numb", title="Numb legs")
    assert keys("guillain barre") == ["gbs"]
    assert keys("GUILLAIN BARRE\u0301") == ["gbs"]
    assert keys("pagets") == ["paget"]
    assert keys("Paget's") == ["paget"]
    assert keys("numbness in my leg")[0] == "numb"


def test_readers_words_find_the_pages_words_but_a_page_that_says_them_comes_first(make_page, keys):
    make_page("theirs", title="Aaa", text="An abdominal ache.")
    make_page("ours", title="Bbb", text="A tummy ache.")
    make_page("neither", title="Ccc", text="Something else.")
    assert keys("tummy") == ["ours", "theirs"]


@pytest.mark.parametrize(
    ("said", "found_by"),
    [
        ("I can't feel my legs", "numb"),
        ("legs asleep all the time", "numb"),
        ("my leg keeps falling asleep", "numb"),
        ("throwing up", "sick"),
        ("short of breath", "air"),
    ],
)
def test_what_readers_say_finds_what_pages_say(make_page, keys, said, found_by):
    make_page("numb", title="Numb legs")
    make_page("sick", title="Vomiting")
    make_page("air", title="Breathlessness", names=["breathless"])
    make_page("falls", title="Falls")
    assert keys(said)[0] == found_by


def test_a_word_said_twice_weighs_more(make_page, keys):
    make_page("a", title="Rickets")
    make_page("b", title="Mothers")
    assert keys("mothers and rickets and mothers")[0] == "b"
    assert keys("rickets and mothers and rickets")[0] == "a"


def test_on_a_tie_the_broader_page_comes_first(make_symptom, make_category, make_page, keys):
    make_page("condition", title="Numb legs", names=["numbness"])
    symptom = make_symptom(title="Numb legs", in_sentence="numb legs")
    go_live(symptom)
    go_live(make_category(symptom, title="Numb legs"))
    assert keys("numb legs") == ["leg-numbness", "trapped", "condition"]


def test_every_kind_of_page_is_found(make_information, make_page, found, published):
    make_page("a", title="Alpha")
    published(make_information(title="Privacy"))
    assert [hit.page.kind for hit in found("privacy").hits] == [Kind.INFORMATION]


def test_the_answer_comes_in_parts(make_page, found):
    for number in range(7):
        make_page(f"ache-{number}", title=f"Ache {number}")
    first, second = found("ache", limit=4), found("ache", limit=4, offset=4)
    assert (first.total, first.reachable, second.total) == (7, 7, 7)
    assert len({hit.key for hit in (*first.hits, *second.hits)}) == 7
    assert found("ache", limit=4, offset=100).hits == ()


def test_more_than_the_database_is_asked_for_at_once(make_page, keys, django_assert_num_queries):
    wanted = {f"p{number}" for number in range(MOST_IDS + 3)}
    for key in sorted(wanted):
        make_page(key, title=f"Ache {key}", names=[f"Pain {key}"])
    keys("ache")
    with django_assert_num_queries(2):  # the content version is one
        assert set(keys("ache", limit=MOST_IDS)) < wanted
    with django_assert_num_queries(3):
        assert set(keys("ache", limit=100)) == wanted


# --- Tags ----------------------------------------------------------------------------------------


@pytest.fixture
def tagged_pages(make_page, make_tag):
    one, both, sudden = make_tag("one-leg"), make_tag("both-legs"), make_tag("sudden", "onset")
    make_page("a", title="Ache alpha", tags=(one,))
    make_page("b", title="Ache beta", tags=(both, sudden))
    make_page("c", title="Ache gamma", tags=(one, sudden))
    make_page("d", title="Other", tags=(one, sudden))


def test_tags_are_or_within_a_facet_and_and_across(tagged_pages, keys):
    assert set(keys("ache")) == {"a", "b", "c"}
    assert set(keys("ache", tags=["one-leg"])) == {"a", "c"}
    assert set(keys("ache", tags=["one-leg", "both-legs"])) == {"a", "b", "c"}
    assert set(keys("ache", tags=["one-leg", "both-legs", "sudden"])) == {"b", "c"}
    assert keys("ache", tags=["one-leg", "sudden"]) == ["c"]


def test_counts_say_what_each_tag_would_leave(tagged_pages, found):
    assert found("ache").tag_counts == {"one-leg": 2, "both-legs": 1, "sudden": 2}
    answer = found("ache", tags=["one-leg"])
    assert answer.total == 2
    assert answer.tag_counts == {"one-leg": 2, "both-legs": 1, "sudden": 1}
    answer = found("ache", tags=["both-legs", "sudden"])
    assert answer.total == 1
    assert answer.tag_counts == {"one-leg": 1, "both-legs": 1, "sudden": 1}


def test_a_tag_that_no_page_carries_is_ignored(tagged_pages, make_tag, found):
    make_tag("unused", "onset")
    assert found("ache", tags=["unused", "nonsense"]).total == 3


def test_tags_alone_find_every_page_that_carries_them(tagged_pages, keys):
    assert set(keys("", tags=["sudden"])) == {"b", "c", "d"}


def test_tags_change_no_order(tagged_pages, make_page, keys, make_tag):
    tag = make_tag("rare", "with")
    make_page("e", title="Ache", text="Ache. " * 50, tags=(tag,))
    make_page("f", title="An ache of another sort, and more words", tags=(tag,))
    assert keys("ache", tags=["rare"]) == [key for key in keys("ache") if key in {"e", "f"}]


# --- The cost ------------------------------------------------------------------------------------


def test_a_search_costs_two_queries(make_page, found, django_assert_num_queries):
    for number in range(3):
        make_page(f"ache-{number}", title=f"Ache {number}")
    found("ache")
    with django_assert_num_queries(2):  # the content version, the editions of the hits
        found("ache")
    with django_assert_num_queries(2):
        search.suggest("ach", at=timezone.now())


def test_of_the_names_of_a_hit_only_the_one_it_was_found_by_is_read(make_page, monkeypatch):
    read: list[tuple] = []

    class Read(CompiledQuery):
        def rows(self, *given):
            rows = super().rows(*given)
            read.extend(rows)
            return rows

    monkeypatch.setattr(finding, "CompiledQuery", Read)
    monkeypatch.setattr(finding, "_live_rows", finding._live_rows.__wrapped__)  # not kept
    make_page("a", title="Alpha", names=[f"beta {number}" for number in range(9)])
    make_page("b", title="Gamma", text="A beta.")
    hits = search.find("beta 3", at=timezone.now()).hits
    assert [(hit.key, hit.name) for hit in hits] == [("a", "beta 3"), ("b", "")]
    assert sorted(str(row[1]) for row in read) == ["None", "beta 3"]


def test_names_that_are_kept_in_memory_are_those_of_today(make_page, found, monkeypatch):
    """Kept by their text, so one that changes by a letter's case is another."""

    def names(question):
        return [hit.name for hit in found(question).hits]

    make_page("a", title="Alpha", names=["slipped disk"])
    assert names("slipped disk") == ["slipped disk"]
    page = Page.objects.get(key="a").specific()
    page.alternatenames.update(name="Slipped Disk")
    go_live(page)
    assert names("slipped disk") == ["Slipped Disk"]
    monkeypatch.setattr(finding, "MOST_KNOWN_NAMES", 1)
    make_page("b", title="Beta", names=["slipped vertebra"])
    assert set(names("slipped disk vertebra")) == {"Slipped Disk", "slipped vertebra"}
    assert len(finding._known_names) <= 1
