"""`manage.py send_reminders`: mails about reviews that are due. To be run once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from causes.editorial.reminders import AlreadyRunning, send_reminders


class Command(BaseCommand):
    help = (
        "Mails each owner the pages whose clinical review is due in 90 days, in 30, or now, each "
        "once. Pages without an owner's address go to the publishers, or to CONTACT_EMAIL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sent = send_reminders(timezone.localdate())
        except AlreadyRunning as error:
            raise CommandError("Another run is sending the same reminders.") from error
        for address, pages in sent.mails.items():
            self.stdout.write(f"{address}: {pages} page(s)")
        for page in sent.nobody:
            self.stderr.write(f"{page.key}: nobody to tell. Set its owner, or CONTACT_EMAIL.")
        for address, problem in sent.failed.items():
            self.stderr.write(f"{address}: not sent: {problem}")
        if sent.failed:
            raise CommandError("Some mails were not sent. The next run tries them again.")
        self.stdout.write(f"{len(sent.mails)} mail(s) sent.")
