"""The A to Z: every name of every condition and symptom; where there are many, by letter."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from causes.public import catalog, clock, reading
from causes.public.forms import LetterForm, wanted
from causes.public.lists import list_page, made_of_list, number_of_page
from causes.public.names import Names
from causes.public.narrowing import address
from causes.public.paging import Paging, paging
from causes.public.prepared import prepared
from causes.search.kept import content_versions

NAMES_ON_ONE_PAGE = 500  # with more of them, each letter has pages of its own
NAMES_OF_A_LETTER = 200
TITLE = "Conditions A to Z"


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    at, versions = clock.now(), content_versions()
    names = catalog.names.value(at, versions.number)
    asked = wanted(LetterForm, request.GET)
    are_few = len(names) <= NAMES_ON_ONE_PAGE
    letter = asked.letter if not are_few and asked.letter in names.letters else ""
    pages = _pages_of_letter(request.path, names, letter, asked.number) if letter else None
    shown = names.ids if are_few else names.ids[_places(names, letter, pages)]

    def make() -> HttpResponse:
        linked = reading.linked_pages(at)
        found = reading.names(shown)
        if letter:
            context = _one_letter(request.path, letter, pages, found)
        else:
            context = _all_letters(names, found) if are_few else {"count": len(names)}
        return list_page(
            request,
            "a_to_z",
            "CollectionPage",
            context.pop("title", TITLE),
            linked.values(),
            made_of=made_of_list(versions, linked),
            letters=[
                (other, f"#letter-{other}" if are_few else _address(request.path, other))
                for other in names.letters
            ],
            **context,
        )

    # A name that is shown is a row of EditionName, which does not change.
    facts = (letter, pages and (pages.number, pages.last), len(names), shown.tobytes())
    return prepared(request, at, (*facts, *names.letters.items()), make)


def _address(path: str, letter: str, number: int = 1) -> str:
    return address(path, [("letter", letter), *number_of_page(number)], ())


def _pages_of_letter(path: str, names: Names, letter: str, number: int) -> Paging:
    count = len(names.letters[letter])
    return paging(count, number, NAMES_OF_A_LETTER, lambda n: _address(path, letter, n))


def _places(names: Names, letter: str, pages: Paging | None) -> slice:
    if pages is None:
        return slice(0, 0)
    shown = names.letters[letter][pages.start : pages.stop]
    return slice(shown.start, shown.stop)


def _all_letters(names: Names, found: Sequence[tuple]) -> dict[str, object]:
    by_letter = [
        (letter, [found[place] for place in places if place < len(found)])
        for letter, places in names.letters.items()
    ]
    return {"by_letter": by_letter}


def _one_letter(path: str, letter: str, pages: Paging, found: Sequence[tuple]) -> dict[str, object]:
    number = f", page {pages.number}" if pages.number > 1 else ""
    return {
        "title": f"{TITLE}: {letter}{number}",
        "breadcrumbs": [(TITLE, path)],
        "current": letter,
        "by_letter": [(letter, found)],
        "pages": pages,
        "canonical": pages.here,
    }
