"""What an administrator does for a person beside their form: send a link, take second factors away.

Neither is possible for another administrator who has signed in before: only `manage.py recover` is.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from causes.people import events, invitations, links, mail, recently, requirement
from causes.people.administrators import is_administrator


class PeopleVerbs:
    """For the admin of accounts."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        person = self.get_object(request, object_id)
        context = {"verbs": _verbs(person) if person else [], **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def link_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Asks, and sends a link by which the person sets a password."""
        person = self._person(request, number)
        if asked := recently.ask(request):
            return asked
        if request.method != "POST":
            return self._question(request, person, "link")
        if invitations.is_waiting(person):
            address = invitations.invite(person, by=request.user, request=request)
        else:
            address = self._reset(request, person)
        return self.show_link(request, person, address)

    def _reset(self, request: HttpRequest, person: User) -> str:
        address = links.address_of(person, links.RESET)
        context = {"account": person.get_username(), "address": address}
        mail.send(person.email, "a new password", "reset", **context)
        events.note("reset asked", request, person, by=request.user.get_username())
        return address

    def factors_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Asks, and removes every second factor of a person who has lost theirs."""
        person = self._person(request, number)
        if asked := recently.ask(request):
            return asked
        if request.method != "POST":
            return self._question(request, person, "factors")
        requirement.remove_all(person)
        by = request.user.get_username()
        events.note("second factor removed", request, person, by=by)
        messages.success(request, f"“{person}” signs in without a second factor now.")
        return redirect("admin:auth_user_change", person.pk)

    def show_link(self, request: HttpRequest, person: User, address: str) -> HttpResponse:
        """Where it went; the link itself only where no mail goes out, and only now."""
        if mail.has_server() and person.email:
            messages.success(request, f"A link was sent to {person.email}.")
            return redirect("admin:auth_user_change", person.pk)
        return self._screen(request, person, "admin/causes/person_link.html", address=address)

    def _person(self, request: HttpRequest, number: int) -> User:
        person = get_object_or_404(User, pk=number)
        if not self.has_change_permission(request, person) or _is_for_the_shell(person):
            raise PermissionDenied
        return person

    def _question(self, request: HttpRequest, person: User, verb: str) -> HttpResponse:
        has_mail = mail.has_server() and person.email
        return self._screen(
            request, person, "admin/causes/person_verb.html", verb=verb, has_mail=has_mail
        )

    def _screen(
        self, request: HttpRequest, person: User, template: str, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Account “{person}”",
            "opts": self.opts,
            "original": person,
            "person": person,
            "is_waiting": invitations.is_waiting(person),
            "back": reverse("admin:auth_user_change", args=[person.pk]),
            **more,
        }
        return TemplateResponse(request, template, context)


def _is_for_the_shell(person: User) -> bool:
    return is_administrator(person) and not invitations.is_waiting(person)


def _verbs(person: User) -> list[tuple[str, str]]:
    """(button, address) of what may be done."""
    if _is_for_the_shell(person) or not person.is_active:
        return []
    waiting = invitations.is_waiting(person)
    verbs = [("Invite again" if waiting else "Send a link for a new password", "link")]
    if requirement.has_one(person):
        verbs.append(("Remove second factors", "factors"))
    return [
        (button, reverse(f"admin:auth_user_{name}", args=[person.pk])) for button, name in verbs
    ]
