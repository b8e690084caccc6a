"""Questions whose answer may never come (a database may be frozen), asked with a deadline."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Question(Generic[T]):
    """Asked in a thread of its own, once at a time: one that hangs is waited for, not repeated.

    What it answered counts for ``memory`` seconds, however often it is asked.
    """

    def __init__(self, ask: Callable[[], T], *, memory: float = 0.0) -> None:
        self._ask, self._memory = ask, memory
        self._begin()

    def _begin(self) -> None:
        """Threads do not survive a fork."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._flight: Future[T] | None = None
        self._answered = float("-inf")

    def answer(self, seconds: float) -> T:
        """Raises TimeoutError, or what the question itself raised."""
        if self._pid != os.getpid():
            self._begin()
        with self._lock:
            flight = self._flight
            is_old = time.monotonic() - self._answered >= self._memory
            if flight is None or (flight.done() and is_old):
                flight = self._flight = Future()
                thread = threading.Thread(target=self._work, args=(flight,), daemon=True)
                thread.name = "health"
                thread.start()
        return flight.result(timeout=seconds)

    def _work(self, flight: Future[T]) -> None:
        try:
            found = self._ask()
        except BaseException as error:
            self._answered = time.monotonic()
            flight.set_exception(error)
        else:
            self._answered = time.monotonic()
            flight.set_result(found)
        finally:
            connections.close_all()  # this thread's own
