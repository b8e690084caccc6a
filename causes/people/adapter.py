"""What allauth asks of this site: nobody signs up, tries are counted, people are told."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from causes.people import events, known, recently, sessions, throttle

# allauth's notifications by their templates, and what they are to us. Others are not sent.
NOTIFICATIONS = {
    "account/email/password_changed": "password changed",
    "mfa/email/totp_activated": "second factor added",
    "mfa/email/totp_deactivated": "second factor removed",
    "mfa/email/webauthn_added": "second factor added",
    "mfa/email/webauthn_removed": "second factor removed",
    "mfa/email/recovery_codes_generated": "recovery codes made",
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttle.give_back(request)
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """By name alone, as at sign-in: `SignInForm.user_credentials`."""
        credentials = {"username": user.get_username(), "password": password}
        found = self.authenticate(self.request, **credentials)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not recently.is_recent(self.request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        sessions.begin(request)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        account = throttle.key_of(user)
        is_new = not known.browser_of(request, account)
        known.remember(request, response, account)
        throttle.forget_old()
        steps = [step["method"] for step in get_authentication_records(request, user)]
        events.note("signed in", request, user, by="+".join(steps))
        if is_new:
            events.note("new browser", request, user)
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if event := NOTIFICATIONS.get(template_prefix):
            events.note(event, self.request, user)
