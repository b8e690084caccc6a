"""What the source article says about the page that is being edited, to stand beside the form."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from causes.models import Category, Condition, Page, SourceStatement


@dataclass
class Passage:
    """Sentences of the source article, and where they are edited, if that is another form."""

    sentences: Iterable[SourceStatement]
    page: Page | None = None
    address: str = ""
    phrase: str = ""


def passages(page: Page) -> list[Passage]:
    """The sentences behind the page: its own; a condition's are those of its groups.

    Costs one query; for a condition two.
    """
    if isinstance(page, Condition):
        causes = page.causes.select_related("category").prefetch_related(
            "category__sourcestatements"
        )
        return [
            Passage(
                page=cause.category,
                address=_form_of(cause.category),
                phrase=cause.phrase,
                sentences=cause.category.sourcestatements.all(),
            )
            for cause in causes.order_by("category__order", "order")
        ]
    own = list(page.sourcestatements.all())
    return [Passage(sentences=own)] if own else []


def _form_of(category: Category) -> str:
    return reverse("admin:causes_category_change", args=[category.pk])
