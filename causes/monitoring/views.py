"""`/readyz`: may a balancer send requests here? Reasons are for staff, and for the inside."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from causes.monitoring.probes import Probe, State, readiness, report, worst

RETRY_AFTER = 5  # seconds


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 or 503, with one word; for staff who are signed in, every probe.

    A session lies in the database, so it is looked for only where that answers. The metrics'
    address (METRICS_ADDRESS) tells the reasons always.
    """
    probes = readiness()
    is_ready = worst(probes) is not State.FAIL
    text = "ready\n" if is_ready else "not ready\n"
    if is_ready and settings.SESSION_COOKIE_NAME in request.COOKIES and _is_staff(request):
        text += "\n" + as_text(report())
    response = HttpResponse(
        text,
        status=200 if is_ready else 503,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
    if not is_ready:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


def as_text(probes: list[Probe]) -> str:
    return "".join(f"{probe.state:5} {probe.name}: {probe.text}\n" for probe in probes)
