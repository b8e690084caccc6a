"""`manage.py publish_ready`: publish everything that waits for it, in one transaction."""

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from causes.editorial.acting import NotPossible
from causes.editorial.four_eyes import refuse_own_text
from causes.editorial.in_bulk import lock_ready_pages
from causes.editorial.publishing import publish
from causes.editorial.transitions import PUBLISH_PERMISSION
from causes.models import Edition, Page


class Command(BaseCommand):
    help = (
        "Publishes every page whose newest version is submitted or signed off, or the pages named "
        "by KEY: all of them, or none if it is stopped. What may not go live yet is left and "
        "named; of pages named by KEY, one that may not stops all."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", metavar="KEY")
        parser.add_argument("--by", required=True, metavar="ACCOUNT", help="who publishes")
        parser.add_argument(
            "--change", choices=Edition.Change.values, help="kind of change, of pages seen before"
        )
        parser.add_argument("--note", default="", help="what changed, and why, for readers")

    def handle(self, *args: Any, keys: list[str], by: str, **options: Any) -> None:
        actor = get_user_model()._default_manager.filter(username=by, is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no active account named {by}.")
        if not actor.has_perm(PUBLISH_PERMISSION):
            raise CommandError(f"{by} may not publish.")
        with transaction.atomic():
            pages = lock_ready_pages(keys)
            if missing := set(keys) - {page.key for page in pages}:
                raise CommandError(f"There is no such page: {', '.join(sorted(missing))}.")
            done, left = 0, []
            for page in pages:
                refusal = self._publish(page, actor, options)
                if refusal and keys:
                    raise CommandError(f"{page.key}: {refusal} Nothing is published.")
                if refusal:
                    left.append(f"{page.key}: {refusal}")
                else:
                    done += 1
                if options["verbosity"] > 1:
                    self.stdout.write(f"{page.key}: {'left' if refusal else 'published'}")
                    self.stdout.flush()
        for line in left:
            self.stderr.write(line)
        self.stdout.write(f"{done} page(s) published, {len(left)} left.")

    def _publish(self, page: Page, actor: AbstractBaseUser, options: dict[str, Any]) -> str:
        """Why it was not published; "" if it was."""
        change = options["change"] if page.editions.exists() else ""
        if change is None:
            return "Patients have seen it before: say with --change what kind of change it is."
        newest = page.revisions.in_line().first()
        try:
            # Asked beforehand, because to leave a page is no attempt that its history should tell.
            refuse_own_text(page, newest, actor, PUBLISH_PERMISSION)
            publish(page, actor=actor, number=newest.number, change=change, note=options["note"])
        except (NotPossible, PermissionDenied) as error:
            return str(error)
        return ""
