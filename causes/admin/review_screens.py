"""The screens of review: submit, return, sign off, comment, and links for guests."""

from typing import Any

from causes.admin.screens import Context, Screen, verb_address
from causes.admin.verb_forms import (
    CommentForm,
    InviteForm,
    NoteForm,
    ReasonForm,
    SignOffForm,
)
from causes.editorial.four_eyes import people_who_may, wrote
from causes.editorial.reviewing import comment, give_back, invite, revoke, sign_off, submit
from causes.editorial.transitions import SIGN_OFF_PERMISSION
from causes.models import Event


class Submit(Screen):
    verb = Event.Verb.SUBMIT
    form_class = NoteForm
    consequence = "Those who can review and publish it are told."

    def context(self) -> Context:
        return self.version_context()

    def act(self, **cleaned: Any) -> None:
        submit(self.page, actor=self.request.user, number=self.number, **cleaned)


class GiveBack(Screen):
    verb = Event.Verb.GIVE_BACK
    form_class = ReasonForm
    consequence = "Its authors get your note."

    def context(self) -> Context:
        return self.version_context()

    def act(self, **cleaned: Any) -> None:
        give_back(self.page, actor=self.request.user, number=self.number, **cleaned)


class SignOff(Screen):
    verb = Event.Verb.SIGN_OFF
    form_class = SignOffForm

    def context(self) -> Context:
        said = (
            f"You say, with your name, role and today's date, that version {self.number} is "
            "clinically right. It holds for exactly this text: any later change needs another."
        )
        if wrote(self.page, self.revision, self.request.user):
            others = people_who_may(SIGN_OFF_PERMISSION).exclude(pk=self.request.user.pk)
            if not others.exists():
                said += " You wrote part of it yourself, and the history will say so."
        return self.version_context() | {"consequence": said}

    def act(self, **cleaned: Any) -> None:
        sign_off(self.page, actor=self.request.user, number=self.number, **cleaned)


class Comment(Screen):
    verb = Event.Verb.COMMENT
    form_class = CommentForm
    consequence = "Its authors and the page's owner are told."

    def act(self, **cleaned: Any) -> None:
        comment(self.page, actor=self.request.user, number=self.number, **cleaned)


class Invite(Screen):
    verb = Event.Verb.INVITE
    form_class = InviteForm
    consequence = (
        "You get a link to send, for someone without an account. Whoever has it can read this "
        "version, and approve it or comment on it under their own name."
    )

    def act(self, **cleaned: Any) -> None:
        made = invite(self.page, actor=self.request.user, number=self.number, **cleaned)
        self.link = made.pk

    def next_address(self) -> str:
        return verb_address(self.kind, "guest_link", self.page, self.link)


class Revoke(Screen):
    verb = Event.Verb.REVOKE
    consequence = "The link no longer opens. What the guest has said already stays."

    @property
    def title(self) -> str:
        return "Take back a guest's link"

    def act(self, **cleaned: Any) -> None:
        revoke(self.page, actor=self.request.user, link=self.number)
