"""Who asked, for the access log of the editors' side: the account's number, never a reader's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ACCOUNT = "causes.account"  # in the WSGI environ
EDITORS_SIDE = "/admin/"


def name_the_account(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Looks nobody up: only who was asked for already is named."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        person = getattr(request, "_cached_user", None)
        if request.path_info.startswith(EDITORS_SIDE) and person and person.is_authenticated:
            request.META[ACCOUNT] = person.pk
        return response

    return middleware
