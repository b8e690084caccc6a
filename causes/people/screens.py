"""The screens of signing in that allauth does not have: links by mail, the QR code, a pause."""

from math import ceil
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from causes.people import events, invitations, links, mail, recently, throttle
from causes.people.administrators import is_administrator
from causes.people.forms import AskForLinkForm, ChoosePasswordForm

KEPT_TOKEN = "causes.link"  # noqa: S105 - the name of a place in the session


def locked(
    request: HttpRequest, response: HttpResponse | None, credentials: dict | None
) -> HttpResponse:
    """In place of the form, where django-axes' middleware sees that a try was refused."""
    wait = request.causes_wait.total_seconds()
    context = {"minutes": ceil(wait / 60), "has_mail": mail.has_server()}
    answer = render(request, "account/locked.html", context, status=429)
    answer["Retry-After"] = str(ceil(wait))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """A mail with a link to a new password. The answer is the same whoever has the address."""
    form = AskForLinkForm(request.POST or None)
    if mail.has_server() and request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            throttle.claim_mail(request, email)
        except throttle.TooOften as error:
            events.note("locked", request, None, at="mail")
            request.causes_wait = error.wait
            return locked(request, None, None)
        _send_link(request, email)
        return redirect("account_link_sent")
    context = {"form": form, "has_mail": mail.has_server()}
    return TemplateResponse(request, "account/password_reset.html", context)


def _send_link(request: HttpRequest, email: str) -> None:
    person = throttle.person_named(email)
    if person is None or not person.is_active or person.email.casefold() != email.casefold():
        return
    more: dict[str, Any] = {"account": person.get_username()}
    if not is_administrator(person):
        kind = links.INVITATION if invitations.is_waiting(person) else links.RESET
        more["address"] = links.address_of(person, kind)
    mail.send(person.email, "a new password", "reset", **more)
    events.note("reset asked", request, person)


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "account/password_reset_done.html", {})


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the key out of the address before the page is shown."""
    try:
        links.read(token)
    except links.LinkEnded as error:
        return _ended(request, error)
    request.session[KEPT_TOKEN] = token
    return redirect("account_choose_password")


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Where a link leads. A second factor is asked for all the same."""
    token = request.session.get(KEPT_TOKEN, "")
    try:
        link = links.read(token)
        form = ChoosePasswordForm(link.person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            person = _set_password(token, form.cleaned_data["password1"])
            return _sign_in(request, person, link)
    except links.LinkEnded as error:
        return _ended(request, error)
    context = {"form": form, "person": link.person, "kind": link.kind}
    return TemplateResponse(request, "account/choose_password.html", context)


@transaction.atomic
def _set_password(token: str, password: str) -> AbstractBaseUser:
    """Raises LinkEnded: of two who use a link at once, one finds it used."""
    person = links.read(token).person
    type(person)._default_manager.select_for_update().get(pk=person.pk)
    person = links.read(token).person
    person.set_password(password)
    person.save(update_fields=["password"])
    invitations.accept(person)
    return person


def _sign_in(request: HttpRequest, person: AbstractBaseUser, link: links.Link) -> HttpResponse:
    if request.user.is_authenticated:
        get_adapter().logout(request)
    request.session.pop(KEPT_TOKEN, None)
    if link.kind == links.INVITATION:
        events.note("invitation accepted", request, person)
    else:
        events.note("password changed", request, person, by=link.kind)
    flows.login.record_authentication(request, person, "password_reset")
    return flows.login.perform_login(request, Login(user=person))


def _ended(request: HttpRequest, error: links.LinkEnded) -> HttpResponse:
    context = {"reason": str(error), "kind": error.kind, "has_mail": mail.has_server()}
    return TemplateResponse(request, "account/link_ended.html", context, status=410)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """allauth's: a challenge, then the answer to it. Each challenge is a row in the database."""
    if request.method != "POST":
        try:
            throttle.claim_challenge(request)
        except throttle.TooOften as error:
            request.causes_wait = error.wait
            return locked(request, None, None)
    return webauthn.login_webauthn(request)


@require_safe
def no_password_to_change(request: HttpRequest) -> HttpResponse:
    """Where allauth sends who has none."""
    return HttpResponseRedirect("../reset/")


@require_safe
@login_required
def qr_code(request: HttpRequest) -> HttpResponse:
    """The secret that the form beside it holds, as a picture of this site's own: the policy
    admits no picture that stands in the page."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    if not recently.is_recent(request):
        raise PermissionDenied
    adapter = get_factor_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(drawing, content_type="image/svg+xml")
