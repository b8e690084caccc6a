"""The forms of signing in: allauth's, with our words, counted and without a slow or fast answer."""

import json
from collections.abc import Callable
from struct import error as StructError
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError

from causes.people import events, second_factor, throttle

LONGEST_CREDENTIAL = 50_000
NOT_READ = "This passkey could not be read."


class Plain:
    """A label says what a field is for; a placeholder that says it again would go when typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.label_suffix = ""


class SignInForm(Plain, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Account name or email"
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["login"].max_length = 254
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """The name that every browser and password manager knows."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def user_credentials(self) -> dict[str, str]:
        """As one name, looked up once: given twice, a known address would take twice as long."""
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as error:
            raise ValidationError(
                "This name and password do not belong together. Both may be mistyped.",
                code=error.code,
            ) from error


class ConfirmForm(Plain, account.ReauthenticateForm):
    """Who one is, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs["autofocus"] = True


class CountedCode(Plain):
    """A code of an app or a recovery code: tries are counted, and none works twice."""

    user: AbstractBaseUser
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code from your app, or a recovery code"
        self.fields["code"].max_length = 20
        self.fields["code"].widget.attrs |= {"autofocus": True, "spellcheck": "false"}

    def clean_code(self) -> str:
        request = context.request
        try:
            throttle.claim(request, throttle.key_of(self.user), "code")
        except throttle.TooOften as error:
            throttle.refuse(request, error.wait)
            events.note("locked", request, self.user, at="code")
            raise ValidationError("Too many codes were tried.") from error
        try:
            code = super().clean_code()
            self._use_up(code)
        except ValidationError:
            events.note("failed", request, self.user, at="code")
            if throttle.was_last_free(request):
                events.note("codes guessed", request, self.user)
            raise
        throttle.give_back(request)
        return code

    def _use_up(self, code: str) -> None:
        if self.authenticator.type == Authenticator.Type.TOTP:
            if not second_factor.use_up(self.authenticator, code):
                raise ValidationError("This code was used already. Wait for the next one.")
            self.authenticator.refresh_from_db()
        else:
            events.note("recovery code used", context.request, self.user)


class CodeForm(CountedCode, codes.AuthenticateForm):
    pass


class ConfirmByCodeForm(CountedCode, codes.ReauthenticateForm):
    pass


class ActivateForm(Plain, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code that your app shows"
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}


class CredentialField(forms.CharField):
    """The answer of a passkey as JSON. Django's own field fails on digits without end."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValidationError(NOT_READ) from error


class ShapedCredential:
    """What no browser sends as a passkey is refused; the library raises whatever it meets."""

    NOT_A_PASSKEY = (LookupError, TypeError, ValueError, AttributeError, OverflowError, StructError)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(
            max_length=LONGEST_CREDENTIAL, widget=forms.HiddenInput
        )

    def _refusing(self, clean: Callable[[], Any]) -> Any:
        try:
            return clean()
        except ValidationError:
            raise
        except self.NOT_A_PASSKEY as error:
            raise ValidationError(NOT_READ) from error

    def clean_credential(self) -> Any:
        if not hasattr(super(), "clean_credential"):
            return self.cleaned_data["credential"]
        return self._refusing(super().clean_credential)

    def clean(self) -> Any:
        return self._refusing(super().clean)


class PasskeyForm(ShapedCredential, webauthn.AuthenticateWebAuthnForm):
    pass


class SignInByPasskeyForm(ShapedCredential, webauthn.LoginWebAuthnForm):
    pass


class ConfirmByPasskeyForm(ShapedCredential, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(Plain, ShapedCredential, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 80
        passwordless = self.fields["passwordless"]
        passwordless.initial, passwordless.label = True, "Sign in with it alone"
        passwordless.help_text = (
            "The device asks for your finger, face or PIN, and you need no password. "
            "Not ticked, it is a second step after the password."
        )


class NewPassword(Plain):
    """Two fields for a new password, and what it must be, said before it is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "New password"
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["password2"].label = "The same again"


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Password until now"
        self.fields["oldpassword"].help_text = ""

    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: a forgotten open tab is no place to guess."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise ValidationError("This is not your password.")
        return self.cleaned_data["oldpassword"]


class ChoosePasswordForm(NewPassword, account.SetPasswordForm):
    """Of who opened a link."""


class AskForLinkForm(forms.Form):
    email = forms.EmailField(
        label="Email",
        max_length=254,
        label_suffix="",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
