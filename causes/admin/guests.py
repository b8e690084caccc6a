"""The page behind a guest's link: one version as patients would see it, and a form to answer.

It stands alone: no account, no admin around it, no script needed.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from causes.editorial.acting import NotPossible
from causes.editorial.bodies import public_body
from causes.editorial.editions import path_of, unsaved_edition
from causes.editorial.guests import WINDOW, count_use, link_of
from causes.editorial.reviewing import LinkClosed, answer_as_guest
from causes.models import Edition, Page, ReviewLink, Revision, SignOff
from causes.models.fields import PlainField
from causes.public.comparison import compare
from causes.public.pages import page_response

# The address is a key: nobody keeps it, lists it, or is told it by a link on the page.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class AnswerForm(forms.Form):
    name = PlainField(max_length=180, label="Your name")
    role = PlainField(
        max_length=200, label="Your role", help_text="For example: consultant neurologist."
    )
    note = PlainField(
        label="Comment",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="You may leave it empty if you approve.",
    )
    verdict = forms.ChoiceField(choices=SignOff.Verdict.choices)


# With the policy "no-referrer" a browser sends the origin "null", which Django's check refuses.
# There is nothing to protect: the address itself is the permission, no cookie is.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponse:
    """What the guest reads; on POST, what they say of it."""
    link = link_of(token)
    if link is None:
        raise Http404
    if not count_use(link):
        return _closed(request, 429, "This link was used very often. Try again in a few minutes.")
    if not link.is_open():
        return _closed(request, 410, "This link no longer opens. Ask who sent it for a new one.")
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _is_an_editor(request):
        form.add_error(None, "You are signed in to this site: answer under your own account.")
    elif form.is_valid():
        try:
            answer_as_guest(link, **form.cleaned_data)
        except LinkClosed as error:
            return _closed(request, 410, str(error))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return _with_headers(redirect(f"{request.path}#review-answer"))
    try:
        return _with_headers(_page(request, link, form))
    except NotPossible as error:
        return _closed(request, 409, str(error))


def _is_an_editor(request: HttpRequest) -> bool:
    """An editor's word counts under their name, so that no one approves their own text here."""
    return request.user.is_authenticated and request.user.is_staff


def _page(request: HttpRequest, link: ReviewLink, form: AnswerForm) -> TemplateResponse:
    """The page of the version, as `page_response` would show it, with the review around it."""
    revision, page = link.revision, link.revision.page
    body, now = public_body(revision.document), timezone.now()
    live = page.editions.live(now).first()
    edition = _edition(page, revision, body)
    response = page_response(request, edition, now)
    response.template_name = "review/page.html"
    newest = page.revisions.in_line().first()
    response.context_data |= {
        "page_template": f"causes/{edition.kind}.html",
        "noindex": True,
        "link": link,
        "newest": newest,
        "is_newest": newest.number <= revision.number,
        "live": live,
        "comparison": compare(live.body, body) if live else None,
        "answers": link.sign_offs.order_by("at"),
        "form": form,
    }
    return response


def _edition(page: Page, revision: Revision, body: dict[str, Any]) -> Edition:
    """The edition that publishing the version now would make, if its address is possible yet."""
    now = timezone.now()
    try:
        path = path_of(body, now)
    except NotPossible:  # a group whose symptom is a draft too
        path = f"/symptoms/{body['symptom']}/{body['slug']}/"
    number = (page.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    return unsaved_edition(page, revision, body, path, now, number=number)


def _closed(request: HttpRequest, status: int, message: str) -> HttpResponse:
    response = TemplateResponse(
        request, "review/closed.html", {"message": message, "noindex": True}, status=status
    )
    if status == 429:
        response["Retry-After"] = str(WINDOW // timedelta(seconds=1))
    return _with_headers(response)


def _with_headers(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response
