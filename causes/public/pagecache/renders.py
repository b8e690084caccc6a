"""Asks Django for pages in a few threads of its own, each page once at a time.

A reader waits for a render only as long as it is worth waiting, because one may hang in a frozen
database; the thread that hangs is then not one that the server needs.
"""

import os
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

THREADS = 4


class Renders:
    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        """Threads do not survive a fork."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[tuple[Hashable, Callable[[], Any], Future]] = SimpleQueue()
        self._flights: dict[Hashable, Future] = {}
        self._threads = 0
        self._running: dict[int, float] = {}

    def submit(self, key: Hashable, render: Callable[[], Any]) -> Future:
        """The outcome of ``render``, or of the render of the same key that is under way."""
        if self._pid != os.getpid():
            self._begin()
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = Future()
                self._jobs.put((key, render, flight))
                if self._threads < THREADS and len(self._flights) > self._threads:
                    self._threads += 1
                    threading.Thread(target=self._work, name="page-render", daemon=True).start()
        return flight

    def are_stuck(self, seconds: float) -> bool:
        """Every thread has been busy for longer than that with one render."""
        started = list(self._running.values())
        return len(started) >= THREADS and max(started) < time.monotonic() - seconds

    def _work(self) -> None:
        own = threading.get_ident()
        while True:
            key, render, flight = self._jobs.get()
            self._running[own] = time.monotonic()
            try:
                flight.set_result(render())
            except BaseException as error:
                flight.set_exception(error)
            finally:
                del self._running[own]
                with self._lock:
                    del self._flights[key]
