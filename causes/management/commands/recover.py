"""`manage.py recover ACCOUNT`: a way back in, given only to who may run commands on the server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from causes.people import events, links, requirement, throttle


class Command(BaseCommand):
    help = (
        "Prints a link, once, by which the account's password is set. It works once, within an "
        "hour. The account may be an administrator's: there is no other way for those."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="its name, or its email address")
        parser.add_argument(
            "--remove-second-factor",
            action="store_true",
            help="take away apps for codes, passkeys and recovery codes that were lost",
        )

    def handle(self, *args: Any, account: str, remove_second_factor: bool, **options: Any) -> None:
        person = throttle.person_named(account)
        if person is None:
            raise CommandError("There is no account of this name or address.")
        if not person.is_active:
            raise CommandError("This account is switched off. An administrator can switch it on.")
        if remove_second_factor and requirement.remove_all(person):
            events.note("second factor removed", None, person, by="recover")
            self.stdout.write("Its second factors are removed.")
        events.note("recovery link made", None, person)
        self.stdout.write(links.address_of(person, links.RECOVERY))
        self.stdout.write("It is shown only now: open it within an hour.")
