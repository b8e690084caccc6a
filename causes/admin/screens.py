"""A screen for each verb of `causes.editorial`: it says what will happen, asks, and does it.

Title, button, permission and message are those of the table in `transitions.py`.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse

from causes.editorial.acting import NotPossible
from causes.editorial.bodies import public_body
from causes.editorial.transitions import TABLE, Rule
from causes.models import Event, Page, Revision
from causes.public.comparison import compare

Context = dict[str, Any]


def verb_address(kind: str, verb: Event.Verb, page: Page, *more: Any) -> str:
    """Where the screen of a verb is; ``kind`` is the model whose admin shows it."""
    return reverse(f"admin:causes_{kind}_{verb}", args=[page.pk, *more])


class Screen:
    """One verb's screen for one page; subclasses say what differs.

    ``number`` is that of the version, edition or link in the address.
    """

    verb: Event.Verb
    form_class: type[Form] = Form
    consequence = ""

    def __init__(self, request: HttpRequest, page: Page, number: int, kind: str) -> None:
        self.request, self.page, self.number, self.kind = request, page, number, kind
        self.revision: Revision | None = None
        if self.rule.about == "version":
            self.revision = page.revisions.filter(number=number).first()
            if self.revision is None:
                raise Http404

    @property
    def rule(self) -> Rule:
        return TABLE[self.verb]

    @property
    def title(self) -> str:
        return self.rule.button.format(number=self.number).rstrip("…")

    def form(self) -> Form:
        return self.form_class(self._data(), **self.form_options())

    def _data(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    def form_options(self) -> Context:
        return {}

    def context(self) -> Context:
        """What its template shows beside the form."""
        return {}

    def version_context(self) -> Context:
        """What the version changes for patients; if it is the newest no more, what came since."""
        newest = self.page.revisions.in_line().first()
        if newest.number != self.number:
            return {
                "notice": f"You have read version {self.number}. Version {newest.number} was saved "
                f"by {newest.author_name} after it. This is what is different in it.",
                "comparison": compare(self.revision.document, newest.document),
                "comparison_title": f"From version {self.number} to version {newest.number}",
                "newer": verb_address(self.kind, self.verb, self.page, newest.number),
                "newer_number": newest.number,
            }
        live = self.page.editions.live().first()
        if live is None:
            return {"notice": "Patients have not seen this page yet."}
        try:
            return {"comparison": compare(live.body, public_body(self.revision.document))}
        except NotPossible as error:  # a cited source is gone
            return {"obstacles": [str(error)]}

    def act(self, **cleaned: Any) -> Iterable[str] | None:
        """Do it. Returns sentences of warning to say beside the message, if any."""
        raise NotImplementedError

    def message(self) -> str:
        return self.rule.message.format(number=self.number)

    def next_address(self) -> str | None:
        """Where to go afterwards, if not back to the form."""
        return None

    def run(self, form: Form) -> None:
        """Do it, and say so."""
        warnings = self.act(**form.cleaned_data) or ()
        messages.success(self.request, self.message())
        for warning in warnings:
            messages.warning(self.request, warning)
