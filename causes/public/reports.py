"""The message by which a reader reports a mistake: a mail link, and nothing that we store."""

from urllib.parse import quote

from django.conf import settings

from causes.models import Edition
from causes.public.site import absolute


def report_address(edition: Edition) -> str:
    """A ``mailto:`` address (RFC 6068) that names the page; "" where there is nobody to write to.

    Only the title is not ours to choose, so its line breaks are folded.
    """
    if not settings.CONTACT_EMAIL:
        return ""
    title = " ".join(edition.title.split())
    lines = [
        f"Page: {title}",
        f"Address: {absolute(edition.path)}",
        f"Edition: {edition.number}",
        "",
        "Which sentence do you mean?",
        "",
        "What is wrong with it?",
        "",
        "",
        "Please leave out details about your health.",
    ]
    subject, body = f"Mistake on the page: {title}", "\r\n".join(lines)
    to = quote(settings.CONTACT_EMAIL, safe="@")
    return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
