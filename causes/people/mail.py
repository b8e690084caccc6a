"""Sending mail to one person without letting the answer wait for it.

How long an answer takes would tell whether there is an account; so a thread sends, after the
transaction. What cannot be sent is logged, without its text: that may hold a key.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

log = logging.getLogger(__name__)
sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def has_server() -> bool:
    """Without one a link is shown to who may pass it on, and never written to the log."""
    return settings.HAS_MAIL_SERVER


def send(email: str, subject: str, template: str, **context: object) -> None:
    """``template`` is the name of one in `templates/account/mail/`."""
    if not email or not has_server():
        return
    context |= {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    body = render_to_string(f"account/mail/{template}.txt", context)
    message = EmailMessage(f"{settings.SITE_NAME}: {subject}", body, to=[email])
    transaction.on_commit(lambda: sender.submit(_send, message))


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        log.exception("A message was not sent: %s", message.subject)
