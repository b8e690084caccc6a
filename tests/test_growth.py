"""A grown site is as the verbs would have left it, and its lists are paged."""

from causes.editorial.verification import problems
from causes.models import Edition, Event, Page, Revision
from causes.public.prepared import shelf
from tests.benchmarks._growth import grow


def test_a_grown_site_has_a_history_that_verifies(shipped):
    before = Page.objects.count()
    grow(70)
    assert Edition.objects.live().filter(kind="condition").count() == 70
    copies = Page.objects.filter(key__startswith="copy-")
    assert copies.count() == Page.objects.count() - before > 40
    assert Revision.objects.filter(page__in=copies).count() == 2 * copies.count()
    assert Event.objects.filter(page__in=copies, verb="publish").count() == 2 * copies.count()
    assert list(problems()) == []


def test_a_page_costs_the_same_queries_on_a_grown_site(shipped, client, django_assert_num_queries):
    grow(80)
    for address in ("/", "/conditions/?letter=S", "/tags/foot/", "/conditions/slipped-disc/"):
        client.get(address)
        shelf.forget()
        with django_assert_num_queries(3 if address != "/" else 2):
            assert client.get(address).status_code == 200
