"""Fixtures of search: pages with names and texts, live, and what is found."""

from collections.abc import Callable, Iterable

import pytest
from django.utils import timezone

from causes import search
from causes.models import AlternateName, Edition, Section
from causes.search.results import Found
from tests.conftest import go_live


@pytest.fixture
def make_page(make_condition) -> Callable[..., Edition]:
    """A live condition by its key, with other names and the text of a section."""

    def make(key: str, *, names: Iterable[str] = (), text: str = "", **fields: object) -> Edition:
        page = make_condition(key, **{"summary": "", "lead": ""} | fields)
        for number, name in enumerate(names):
            AlternateName.objects.create(page=page, anchor=f"n{number}", name=name)
        if text:
            Section.objects.create(page=page, anchor="more", heading="More", body=f"<p>{text}</p>")
        return go_live(page)

    return make


@pytest.fixture
def found(db) -> Callable[..., Found]:
    return lambda question, **options: search.find(question, at=timezone.now(), **options)


@pytest.fixture
def keys(found) -> Callable[..., list[str]]:
    return lambda question, **options: [hit.key for hit in found(question, **options).hits]
