"""Thirty saves at the same moment from eight processes, through the form: none is lost."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

from causes.models import Edition, Event, Revision
from tests.admin.screens import add_row, address, form_data

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8
SAVES = 30
ATTEMPTS = 10  # on a busy machine the database may ask to try again, and an editor would


def save_all(
    cookies: str, url: str, form: dict[str, Any], mine: list[int], ready: Barrier, done: Any
) -> None:
    """In a process of its own: send the same old form for each number, with a text of its own."""
    connections.close_all()
    client = Client(headers={"cookie": cookies})
    for number in mine:
        data = dict(form)
        add_row(data, "sections", heading=f"Heading {number}", body=f"<p>By number {number}.</p>")
        if number % 5 == 0:  # these clash
            data["title"] = f"Title {number}"
        ready.wait(timeout=60)
        done.put((number, _acknowledged(client, url, data)))
    connections.close_all()


def _acknowledged(client: Client, url: str, data: dict[str, Any]) -> bool:
    for _attempt in range(ATTEMPTS):
        try:
            return client.post(url, data).status_code == 302
        except OperationalError:
            continue
    return False


def test_thirty_simultaneous_saves_from_eight_processes_are_all_in_history(
    publishing_client, make_condition, published
):
    page = make_condition()
    published(page)
    url = address("change", page)
    form = form_data(publishing_client, url)
    cookies = "; ".join(f"{name}={c.value}" for name, c in publishing_client.cookies.items())
    connections.close_all()

    fork = multiprocessing.get_context("fork")
    done = fork.Queue()
    shares = [list(range(first, SAVES, PROCESSES)) for first in range(PROCESSES)]
    ready = [fork.Barrier(sum(len(s) > turn for s in shares)) for turn in range(len(shares[0]))]
    processes = [
        fork.Process(target=save_all, args=(cookies, url, form, share, _Turns(ready), done))
        for share in shares
    ]
    for process in processes:
        process.start()
    acknowledged = dict(done.get(timeout=120) for _ in range(SAVES))
    for process in processes:
        process.join(timeout=60)
        assert process.exitcode == 0

    assert acknowledged == dict.fromkeys(range(SAVES), True)
    kept = list(page.revisions.order_by("number"))
    assert [revision.number for revision in kept] == list(range(1, len(kept) + 1))
    in_line = [revision for revision in kept if revision.state != Revision.State.ASIDE]
    newest = {section["heading"] for section in in_line[-1].document["sections"]}
    in_history = {s["heading"] for revision in kept for s in revision.document["sections"]}
    for number in range(SAVES):
        assert f"Heading {number}" in in_history
        assert f"Heading {number}" in newest or number % 5 == 0
    titles = {revision.document["title"] for revision in kept}
    assert titles == {"Sciatica", *(f"Title {number}" for number in range(0, SAVES, 5))}
    saved = Event.objects.exclude(verb=Event.Verb.PUBLISH).order_by("revision__number")
    assert [event.revision.number for event in saved] == [revision.number for revision in kept]
    assert Edition.objects.live().count() == 1


class _Turns:
    """One barrier a turn: the last turn has fewer savers."""

    def __init__(self, barriers: list[Barrier]) -> None:
        self.barriers = barriers

    def wait(self, timeout: float) -> None:
        self.barriers[0].wait(timeout)
        self.barriers = self.barriers[1:]
