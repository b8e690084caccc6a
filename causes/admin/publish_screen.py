"""The screen that publishes a version, now or at a time."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied

from causes.admin.screens import Context, Screen
from causes.admin.state import verbs_offered
from causes.admin.verb_forms import PublishForm
from causes.editorial.acting import NotPossible
from causes.editorial.four_eyes import refuse_own_text
from causes.editorial.publishing import publish
from causes.editorial.safety import refuse_unsigned
from causes.editorial.transitions import PUBLISH_PERMISSION, TABLE
from causes.models import Event
from causes.public.weight import too_heavy

ALONE = (
    "You wrote part of this version, and nobody else may publish it: the history will say that "
    "you published it alone."
)

# What may take an obstacle away.
STEPS = {Event.Verb.SUBMIT, Event.Verb.SIGN_OFF, Event.Verb.INVITE}


class Publish(Screen):
    """Shows what the version changes for patients, and what stands in its way."""

    verb = Event.Verb.PUBLISH
    form_class = PublishForm

    def form_options(self) -> Context:
        return {
            "is_scheduled": self.page.editions.scheduled().exists(),
            "is_first": not self.page.editions.exists(),
        }

    def context(self) -> Context:
        context = self.version_context()
        if "newer" in context:
            return context
        obstacles, person = context.get("obstacles", []), self.request.user
        try:
            if refuse_own_text(self.page, self.revision, person, PUBLISH_PERMISSION):
                context["consequence"] = ALONE
        except PermissionDenied as error:
            obstacles.append(str(error))
        live = self.page.editions.live().first()
        try:
            refuse_unsigned(self.revision, live, self.revision.document)
        except NotPossible as error:
            obstacles.append(str(error))
        if obstacles:
            offered = verbs_offered(person, self.page, self.revision, self.kind)
            context["steps"] = [(button, to) for verb, button, to in offered if verb in STEPS]
        return context | {"obstacles": obstacles}

    def act(self, **cleaned: Any) -> None:
        self.is_later = cleaned["at"] is not None
        edition = publish(self.page, actor=self.request.user, number=self.number, **cleaned)
        self.number = edition.revision.number
        if warning := too_heavy(self.request, edition, edition.live_from):
            messages.warning(self.request, warning)

    def message(self) -> str:
        verb = Event.Verb.SCHEDULE if self.is_later else self.verb
        return TABLE[verb].message.format(number=self.number)
