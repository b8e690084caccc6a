"""Each question has one spelling, and what a page does not know is no part of it."""

import pytest
from django.http import QueryDict
from django.urls import URLPattern

from causes.public import urls, views
from causes.public.forms import SearchForm
from causes.public.pagecache.parameters import canonical, known_parameters

SEARCH = urls.PARAMETERS["search/"]
NOT_KEPT = {"search/suggest/", "manifest.webmanifest", "favicon.ico", "healthz"}


def test_every_public_address_is_in_the_table_or_has_its_own_lifetime():
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns)
    routes = {
        str(pattern.pattern)
        for pattern in urls.urlpatterns
        if pattern.callback is not views.from_a_copy  # it leads elsewhere
    }
    assert routes == urls.PARAMETERS.keys() | NOT_KEPT
    assert not urls.PARAMETERS.keys() & NOT_KEPT


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/", ()),
        ("/symptoms/leg-numbness/", ("on", "page", "tag")),
        ("/symptoms/leg-numbness/trapped/", ("on", "page")),
        ("/search/", SEARCH),
        ("/healthz", None),
        ("/search/suggest/", None),
        ("/admin/", None),
        ("/admin/login/", None),
        ("/static/causes/site.css", None),
        ("/conditions/disc", None),
        ("/nowhere/", None),
        ("", None),
        ("conditions/", None),
        ("/conditions/é/", None),
        ("/conditions/" + "x" * 300 + "/", None),
    ],
)
def test_an_address_is_known_by_its_route(address, names):
    assert known_parameters(address) == names


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("tag=b&tag=a", "tag=a&tag=b"),
        ("tag=a&tag=a", "tag=a"),
        ("tag=b&q=leg&tag=a", "q=leg&tag=a&tag=b"),
        ("q=numb%20leg", "q=numb+leg"),
        ("q=numb+leg", "q=numb+leg"),
        ("%71=leg", "q=leg"),
        ("q=first&q=last", "q=last"),
        ("q=first&q=", ""),
        ("q=&tag=&page=", ""),
        ("page=2&q=leg&exact=1", "q=leg&exact=1&page=2"),
        ("utm_source=x&q=leg&fbclid=y", "q=leg"),
        ("Q=leg&TAG=a", ""),
        ("q[]=leg&tag[]=a", ""),
        ("q=l%C3%A9g", "q=l%C3%A9g"),
        ("q=%FF", "q=%EF%BF%BD"),
        ("q=a%26tag%3Db", "q=a%26tag%3Db"),
        ("q=a;tag=b", "q=a%3Btag%3Db"),
        ("q", ""),
        ("&&=&", ""),
        ("q=%zz", "q=%25zz"),
    ],
)
def test_a_question_has_one_spelling(query, spelt):
    assert canonical(query, SEARCH) == spelt


@pytest.mark.parametrize(
    "query",
    ["q=%00", "x=%00", "q=\0", "q=é", "q=" + "x" * 9000, "&".join("q=1" for _ in range(200))],
)
def test_what_django_may_refuse_is_left_to_it(query):
    assert canonical(query, SEARCH) is None


def test_a_page_that_knows_no_parameters_has_one_address():
    assert canonical("tag=a&q=leg&page=2", ()) == ""


@pytest.mark.parametrize(
    "query",
    [
        "q=leg&q=arm&tag=b&tag=a&tag=b&page=2&junk=1",
        "q=%FF%FEleg&exact=on&page=x&page=3",
        "q=+++numb%20++leg&tag=&tag=a%20b",
        "exact=&q=a%2Bb&q=c%26d",
        "&".join(f"tag=t{number:02}" for number in range(40, 0, -1)),
    ],
)
def test_the_form_understands_the_spelling_as_it_understood_the_question(query):
    asked, spelt = (SearchForm(QueryDict(text)) for text in (query, canonical(query, SEARCH)))
    assert asked.is_valid()
    assert spelt.is_valid()
    assert asked.cleaned_data == spelt.cleaned_data
