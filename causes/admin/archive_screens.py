"""The screens that take a page away or bring a text back."""

from typing import Any

from django.http import Http404

from causes.admin.screens import Context, Screen
from causes.admin.verb_forms import AskRedactionForm, NoteForm, ReasonForm, WithdrawForm
from causes.editorial.archiving import archive, restore, unarchive
from causes.editorial.publishing import cancel, withdraw
from causes.editorial.redaction import (
    ask_redaction,
    may_be_redacted,
    redact,
    versions_to_redact,
)
from causes.models import Edition, Event, Kind, Redaction


class Withdraw(Screen):
    verb = Event.Verb.WITHDRAW
    form_class = WithdrawForm

    def context(self) -> Context:
        with_groups = " Its groups of causes go with it." if self.page.kind == Kind.SYMPTOM else ""
        return {
            "consequence": "Patients no longer see this page: its address says that it is gone."
            + with_groups
        }

    def act(self, **cleaned: Any) -> None:
        withdraw(self.page, actor=self.request.user, **cleaned)


class Cancel(Screen):
    verb = Event.Verb.CANCEL
    form_class = ReasonForm
    consequence = "The version that is scheduled does not go live. Nothing else changes."

    def act(self, **cleaned: Any) -> None:
        cancel(self.page, actor=self.request.user, **cleaned)


class Archive(Screen):
    verb = Event.Verb.ARCHIVE
    form_class = NoteForm
    consequence = (
        "Lists and pickers leave the page out, and nobody can change it until it is taken out of "
        "the archive. Its whole history stays."
    )

    def act(self, **cleaned: Any) -> None:
        archive(self.page, actor=self.request.user, **cleaned)


class Unarchive(Screen):
    verb = Event.Verb.UNARCHIVE
    form_class = NoteForm
    consequence = "The page is a draft again. Patients do not see it until it is published."

    def act(self, **cleaned: Any) -> None:
        unarchive(self.page, actor=self.request.user, **cleaned)


class Restore(Screen):
    verb = Event.Verb.RESTORE

    @property
    def title(self) -> str:
        return f"Restore version {self.number}"

    def context(self) -> Context:
        newest = self.page.revisions.in_line().first()
        return {
            "consequence": f"The text of version {self.number} becomes a new version, after "
            f"version {newest.number}, which stays in the history. Patients see nothing of it "
            "until it is published."
        }

    def act(self, **cleaned: Any) -> list[str]:
        revision, said = restore(self.page, actor=self.request.user, number=self.number)
        self.restored_as = revision.number
        return said

    def message(self) -> str:
        return f"{super().message()} It is version {self.restored_as} now."


class AskRedaction(Screen):
    verb = Event.Verb.ASK_REDACTION
    form_class = AskRedactionForm
    consequence = (
        "For personal data, libel, or advice that is dangerous. When another person has "
        "confirmed it, the text of the edition is replaced by a notice, for good."
    )

    def form_options(self) -> Context:
        return {"editions": may_be_redacted(self.page).order_by("-number")}

    def act(self, edition: Edition, **cleaned: Any) -> None:
        ask_redaction(self.page, actor=self.request.user, edition=edition.number, **cleaned)


class Redact(Screen):
    verb = Event.Verb.REDACT

    def context(self) -> Context:
        asked = (
            Redaction.objects.filter(edition__page=self.page.pk, edition__number=self.number)
            .select_related("edition__revision")
            .first()
        )
        if asked is None:
            raise Http404
        versions = versions_to_redact(asked.edition).values_list("number", flat=True)
        numbers = ", ".join(map(str, versions))
        return {
            "consequence": f"{asked.asked_by_name} asked for this "
            f"({asked.get_reason_display().lower()}): “{asked.note}” "
            f"The text of edition {self.number} and of versions {numbers} is replaced by a "
            "notice. This cannot be undone."
        }

    def act(self, **cleaned: Any) -> None:
        redact(self.page, actor=self.request.user, edition=self.number)
