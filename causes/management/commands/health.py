"""`manage.py health`: is all well, and if not, what is to be done?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from causes.monitoring.probes import ORDER, State, report, worst
from causes.monitoring.views import as_text


class Command(BaseCommand):
    help = (
        "Says how the site is, each thing in a sentence, within 2 seconds, or some more where "
        "DATABASE_URL names several servers. Exit status 1 if something needs somebody (with "
        "--level fail, only if something is broken)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument(
            "--level",
            choices=[State.WARN.value, State.FAIL.value],
            default=State.WARN.value,
            help="The state from which the exit status is 1.",
        )

    def handle(self, *args: Any, json: bool, level: str, **options: Any) -> None:
        probes = report(_connecting())
        self.stdout.write(_as_json(probes) if json else as_text(probes), ending="")
        if ORDER.index(worst(probes)) >= ORDER.index(State(level)):
            needing = sum(probe.state != State.OK for probe in probes)
            raise CommandError(f"{needing} of {len(probes)} need somebody.")


def _connecting() -> float:
    """Seconds until a new process has found which of several database servers is there."""
    options = connection.settings_dict["OPTIONS"]
    return str(options.get("host", "")).count(",") * float(options.get("connect_timeout", 0))


def _as_json(probes: list) -> str:
    found = [{"name": p.name, "state": p.state.value, "text": p.text} for p in probes]
    return json.dumps({"state": worst(probes).value, "probes": found}, indent=2) + "\n"
