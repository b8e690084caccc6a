"""The screen that publishes a version, now or at a time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from causes.admin.screens import Context, Screen, verb_address
from causes.admin.verb_forms import PublishForm
from causes.editorial.acting import NotPossible
from causes.editorial.bodies import public_body
from causes.editorial.four_eyes import refuse_own_text
from causes.editorial.publishing import publish
from causes.editorial.safety import refuse_unsigned
from causes.editorial.transitions import PUBLISH_PERMISSION, TABLE
from causes.models import Edition, Event, Revision
from causes.public.comparison import compare

ALONE = (
    "You wrote part of this version, and nobody else may publish it: the history will say that "
    "you published it alone."
)


class Publish(Screen):
    """Shows what the version changes for patients, and what stands in its way."""

    verb = Event.Verb.PUBLISH
    form_class = PublishForm

    @cached_property
    def live(self) -> Edition | None:
        return self.page.editions.live().first()

    def form_options(self) -> Context:
        return {
            "is_scheduled": self.page.editions.scheduled().exists(),
            "is_first": not self.page.editions.exists(),
        }

    def context(self) -> Context:
        newest = self.page.revisions.in_line().first()
        context: Context = {"consequence": "", "obstacles": []}
        if self.live is None:
            context["consequence"] = "Patients have not seen this page yet."
        if newest.number != self.number:
            return context | self._difference_to(newest)
        try:
            if refuse_own_text(self.page, newest, self.request.user, PUBLISH_PERMISSION):
                context["consequence"] += f" {ALONE}"
        except PermissionDenied as error:
            context["obstacles"].append(str(error))
        try:
            body = public_body(self.revision.document)
            if self.live:
                context["comparison"] = compare(self.live.body, body)
            refuse_unsigned(self.revision, self.live, body)
        except NotPossible as error:
            context["obstacles"].append(str(error))
        return context

    def _difference_to(self, newest: Revision) -> Context:
        """What the newest version says otherwise than the one that was read, and where it is."""
        return {
            "consequence": f"You have read version {self.number}. Version {newest.number} was "
            f"saved by {newest.author_name} after it. This is what is different in it.",
            "comparison": compare(self.revision.document, newest.document),
            "comparison_title": f"From version {self.number} to version {newest.number}",
            "newer": verb_address(self.kind, self.verb, self.page, newest.number),
            "newer_number": newest.number,
        }

    def act(self, **cleaned: Any) -> None:
        self.is_later = cleaned["at"] is not None
        edition = publish(self.page, actor=self.request.user, number=self.number, **cleaned)
        self.number = edition.revision.number

    def message(self) -> str:
        verb = Event.Verb.SCHEDULE if self.is_later else self.verb
        return TABLE[verb].message.format(number=self.number)
