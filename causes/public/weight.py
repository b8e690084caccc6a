"""How heavy a page is for a reader. What one congestion window carries is in the first answer."""

from datetime import datetime

import brotli
from django.http import HttpRequest

from causes.models import Edition
from causes.public.pages import page_response

MOST_HTML = 14_000  # bytes, compressed as servers do on the fly


def html_weight(html: bytes) -> int:
    return len(brotli.compress(html, quality=5))


def too_heavy(request: HttpRequest, edition: Edition, at: datetime) -> str:
    """A sentence for the editor of a page that is heavier than that; "" for any other."""
    weight = html_weight(page_response(request, edition, at).render().content)
    if weight <= MOST_HTML:
        return ""
    return (
        f"The page weighs {weight / 1000:.1f} kB. Above {MOST_HTML // 1000} kB, readers on a slow "
        "line wait for a second answer: consider shortening it, or dividing it into pages."
    )
