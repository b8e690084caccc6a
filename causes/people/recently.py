"""Managing people asks who one is if that was not proven within RECENT in this session."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

FIELD = "password_to_confirm"  # beside the fields of whatever form is being sent
OWN = {FIELD, "csrfmiddlewaretoken"}


def is_recent(request: HttpRequest) -> bool:
    """Was a password, code, passkey or mailed link given in this session a short time ago?"""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


@sensitive_post_parameters(FIELD)
def ask(request: HttpRequest) -> HttpResponse | None:
    """The question who one is; None if that is known.

    A form is asked for before anything is typed into it. What is sent all the same, because the
    time ran out over it, comes back inside the question: it is sent again with the password.
    """
    if is_recent(request):
        return None
    if request.method != "POST":
        target = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{target}")
    wrong = False
    if FIELD in request.POST:
        if get_adapter().reauthenticate(request.user, request.POST[FIELD]):
            reauthenticate_by_password(request)
            return None
        wrong = True
    kept = [(name, v) for name, values in request.POST.lists() if name not in OWN for v in values]
    context = {
        "kept": kept,
        "field": FIELD,
        "wrong": wrong,
        "others": [
            method
            for method in get_adapter().get_reauthentication_methods(request.user)
            if method["id"] != "reauthenticate"
        ],
    }
    return render(request, "account/confirm.html", context)
