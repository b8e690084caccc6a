"""A site of its own for a drill: a few pages, editors who save without pause, and what is kept."""

import http.client
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django

import tests.environment  # noqa: F401 - settings of our own, before Django reads any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.admin.screens import FormData, form_data  # noqa: E402 - knows the models
from tests.benchmarks._drill import MAKE, PAGES  # noqa: E402
from tests.browser.served import PASSWORD, Site, manage  # noqa: E402
from tests.drills._browser import Answer, Browser, change_address  # noqa: E402
from tests.with_postgres import SKIPPED, cluster, find_programs  # noqa: E402

EDITORS = 8
MAKE_EDITORS = f"""
from django.contrib.auth.models import Group, User
for number in range({EDITORS}):
    person = User.objects.create_user(f"editor{{number}}", password={PASSWORD!r}, is_staff=True)
    person.groups.add(Group.objects.get(name="Author"))
"""
SUMMARIES = """
import json
from causes.models import Revision
documents = Revision.objects.values_list("document", flat=True).iterator()
print(json.dumps([document["summary"] for document in documents]))
"""


@contextmanager
def site_on(database: str, **settings: str) -> Iterator[Site]:
    """A served site on "sqlite" or on a "postgres" server of its own, whose URL it then knows."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="causes-drill-")))
        if database == "postgres":
            if (programs := find_programs()) is None:
                raise SystemExit(SKIPPED)
            settings["DATABASE_URL"] = stack.enter_context(cluster(programs))
        site = Site(folder, **settings)
        prepare(site)
        site.start()
        try:
            yield site
        finally:
            site.kill()  # a drill may leave it in any state


def prepare(site: Site) -> None:
    manage(site.environment, "collectstatic", "--no-input", "-v0")
    manage(site.environment, "shell", "-c", MAKE + MAKE_EDITORS)


def workers_of(site: Site) -> list[int]:
    """The ids of the processes that answer."""
    children = Path(f"/proc/{site.server.pid}/task/{site.server.pid}/children").read_text()
    return [
        int(child)
        for child in children.split()
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


@dataclass
class Editors:
    """People who save without pause, each a page. Who gets no answer sends the same text again.

    ``acknowledged`` are the texts that the site said it has; ``problems`` what it said instead.
    With ``opens_once`` they stay in the form that they have and know the number of the version
    that they made: most of the time goes into saves. After a problem they open it anew.
    """

    site: Site
    count: int = EDITORS
    opens_once: bool = False
    acknowledged: list[str] = field(default_factory=list)
    problems: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop, self._threads = threading.Event(), []

    def begin(self) -> None:
        people = []
        for number in range(self.count):
            browser = Browser(self.site.address)
            browser.sign_in(f"editor{number}", PASSWORD)
            people.append((browser, number, change_address(browser, f"ache-{number % PAGES}")))
        for person in people:
            thread = threading.Thread(target=self._edit, args=person, daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _edit(self, browser: Browser, number: int, address: str) -> None:
        turn, form = 0, None
        while not self._stop.is_set():
            text = f"Summary {number}.{turn}."
            began = time.monotonic()
            form = self._save(browser, address, text, form)
            if form is not None:
                self.seconds.append(time.monotonic() - began)
                self.acknowledged.append(text)
                turn += 1
                if not self.opens_once:
                    form = None

    def _save(
        self, browser: Browser, address: str, text: str, form: FormData | None
    ) -> FormData | None:
        """The form as it is after a save; None if it was not taken."""
        try:
            form = form or form_data(browser, address)
            answer = browser.post(address, form | {"summary": text})
        except (OSError, http.client.HTTPException) as error:
            self.problems[type(error).__name__] += 1
            time.sleep(0.1)
            return None
        except AssertionError as error:
            self.problems[f"the form: {error}"] += 1
            time.sleep(0.1)
            return None
        if not is_saved(answer):
            self.problems[answer.status_code] += 1
            return None
        if "/aside/" in answer.headers["Location"]:
            self.problems["kept aside"] += 1  # acknowledged too, as a version beside the draft
            return {}
        return form | {"based_on": str(int(form["based_on"]) + 1)}


def is_saved(answer: Answer) -> bool:
    """Whether it says so; who was signed out is led to the form for that instead."""
    return answer.status_code == 302 and "/login/" not in answer.headers["Location"]


def lost(site: Site, acknowledged: list[str]) -> list[str]:
    """The acknowledged texts that are in no version."""
    kept = set(json.loads(manage(site.environment, "shell", "-v0", "-c", SUMMARIES)))
    return [text for text in acknowledged if text not in kept]


def percentile(seconds: list[float], share: float) -> float:
    """Milliseconds."""
    ordered = sorted(seconds)
    return ordered[int(len(ordered) * share)] * 1000 if ordered else float("nan")
