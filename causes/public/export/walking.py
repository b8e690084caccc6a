"""The whole site is walked, from address to address, by several processes."""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from causes.public.export import files
from causes.public.export.addresses import file_of
from causes.public.export.files import Entry
from causes.public.export.process import Here, begin
from causes.public.export.rendering import MOMENT, in_words, rendered

AT_ONCE = 20  # addresses in a piece of work
WORTH_IT = 200  # addresses for which further processes are started

# The folder of an earlier copy, and what it has.
Earlier = tuple[Path, Entry]


@dataclass(frozen=True)
class Task:
    """What every process is told: the moment, and the new copy's folder (None: only compare)."""

    at: datetime
    folder: Path | None


@dataclass(frozen=True)
class Outcome:
    """What became of an address: no entry if the site shows nothing there.

    ``is_new`` says that no earlier copy has had the same.
    """

    address: str
    entry: Entry | None = None
    is_new: bool = False
    links: tuple[str, ...] = ()


def do(task: Task, work: list[tuple[str, list[Earlier]]]) -> list[Outcome]:
    """Render addresses, each given with what earlier copies have in its place."""
    return [_do_one(task, address, earlier) for address, earlier in work]


def _do_one(task: Task, address: str, earlier: list[Earlier]) -> Outcome:
    found = rendered(address, task.at)
    if found is None:
        return Outcome(address)
    file, text = file_of(address), files.digest(found.content)
    same = [(folder, entry) for folder, entry in earlier if entry.text == text]
    if task.folder is None:
        return Outcome(address, Entry(file, text, ()), not same, found.links)
    for folder, entry in same:
        if not found.is_dated and files.link(folder, task.folder, entry):
            return Outcome(address, entry, False, found.links)
    content = found.content.replace(MOMENT.encode(), in_words(task.at).encode())
    entry = files.write(task.folder, file, text, content)
    return Outcome(address, entry, not same, found.links)


class Walk:
    """Goes to each address once, and to those that it links to."""

    def __init__(self, task: Task, known: dict[str, list[Earlier]], jobs: int) -> None:
        self.task, self.known, self.jobs = task, known, jobs
        self.linked_from: dict[str, str] = {}
        self._waiting: list[str] = []

    def add(self, addresses: Iterable[str], linked_from: str = "") -> None:
        for address in addresses:
            if address not in self.linked_from:
                self.linked_from[address] = linked_from
                self._waiting.append(address)

    def outcomes(self) -> Iterator[Outcome]:
        """Until no address is left."""
        with self._executor() as executor:
            running: set[Future] = set()
            while self._waiting or running:
                while self._waiting and len(running) < 2 * self.jobs:
                    running.add(executor.submit(do, self.task, self._next_work()))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    for outcome in future.result():
                        self.add(outcome.links, outcome.address)
                        yield outcome

    def _next_work(self) -> list[tuple[str, list[Earlier]]]:
        addresses = [self._waiting.pop() for _ in range(min(AT_ONCE, len(self._waiting)))]
        return [(address, self._earlier(address)) for address in addresses]

    def _earlier(self, address: str) -> list[Earlier]:
        try:
            return self.known.get(file_of(address), [])
        except ValueError:  # a link that leads nowhere, as will be found
            return []

    def _executor(self) -> Executor:
        if self.jobs == 1 or len(self._waiting) < WORTH_IT:
            return Here()
        # Not forked: the others must not share this process's connection to the database.
        return ProcessPoolExecutor(
            self.jobs, multiprocessing.get_context("spawn"), initializer=begin
        )
