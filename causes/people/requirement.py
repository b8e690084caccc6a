"""Whom REQUIRE_MFA makes have a second factor, and the way there: nothing else opens before.

Whether a factor is right is checked at sign-in, by allauth; here is asked whether there is one.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from causes.people.administrators import Person, is_administrator, publishes

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ALWAYS_OPEN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


def must_have_one(person: Person) -> bool:
    match settings.REQUIRE_MFA:
        case "all":
            return person.is_staff
        case "publishers":
            return person.is_staff and (publishes(person) or is_administrator(person))
    return False


def factors_of(person: object) -> QuerySet[Authenticator]:
    """Of a person by number, or of each in an outer query. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=person, type__in=FACTORS)


def has_one(person: Person) -> bool:
    return factors_of(person.pk).exists()


def remove_all(person: Person) -> int:
    """Take away factors and recovery codes of who has lost them. Returns how many there were."""
    return Authenticator.objects.filter(user=person.pk).delete()[0]


def is_missing(person: Person) -> bool:
    return person.is_authenticated and must_have_one(person) and not has_one(person)


def require_second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if (
            settings.REQUIRE_MFA != "none"
            and path.startswith("/admin/")
            and path not in ALWAYS_OPEN
            and is_missing(request.user)
        ):
            return HttpResponseRedirect(reverse("mfa_index"))
        return get_response(request)

    return middleware
