"""Freshness on PostgreSQL: asked beside the answers, in a thread, at most twice a second.

What is older than a second is not trusted: then a reader waits for the question under way, until
its deadline. While the database does not answer, nobody waits.
"""

import logging
import os
import select
import threading
import time
from collections.abc import Callable

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import ExecStatus

from causes.public.pagecache.freshness import Epochs, State, question

logger = logging.getLogger(__name__)

TRUST = 1.0  # seconds for which an answer counts
PAUSE = 0.5  # between two questions
DEADLINE = 1.0  # of a question, after which no reader waits for it; a busy machine may need it
GIVE_UP = 2.0  # after which a question is asked anew, on another connection

Question = Callable[[], tuple[int | None, list[float | None]]]


class PostgresFreshness:
    """``ask`` returns the version and the next moments; it may raise, and it may hang."""

    def __init__(self, ask: Question) -> None:
        self._ask = ask
        self._epochs = Epochs()
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._changed = threading.Condition()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        # The last answer and when its question began: one value, read without a lock.
        self._known: tuple[State | None, float] = None, float("-inf")
        self._asking: float | None = None  # when the question under way began
        self._last = float("-inf")
        self._failed = False

    @property
    def epoch(self) -> int:
        return self._epochs.epoch

    def read(self) -> State | None:
        if self._pid != os.getpid():
            self._begin()
            self._epochs.begin_anew()
        state, age = self._trusted()
        if state is not None and age < PAUSE:
            return state
        with self._changed:
            state, age = self._trusted()  # another reader may have asked meanwhile
            if state is not None and age < PAUSE:
                return state
            self._ask_beside(urgent=state is None)
            if state is None and not self._failed and self._asking is not None:
                left = self._asking + DEADLINE - time.monotonic()
                self._changed.wait_for(lambda: self._asking is None, timeout=max(left, 0))
            return self._trusted()[0]

    def _trusted(self) -> tuple[State | None, float]:
        """The state, if it can still be trusted, and its age."""
        state, began = self._known
        age = time.monotonic() - began
        return (state if state and age < TRUST and time.time() < state.until else None), age

    def _ask_beside(self, *, urgent: bool) -> None:
        """Unless a question is under way, or one has just been asked; after a failure, wait."""
        now = time.monotonic()
        may_ask = now - self._last >= PAUSE or (urgent and not self._failed)
        if self._asking is not None or not may_ask:
            return
        self._asking = self._last = now
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="content-version", daemon=True)
            self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            started = time.monotonic()
            try:
                answer = self._ask()
            except Exception as error:
                self._note(None, started, error)
            else:
                self._note(answer, started)

    def _note(
        self,
        answer: tuple[int | None, list[float | None]] | None,
        started: float,
        error: Exception | None = None,
    ) -> None:
        with self._changed:
            if answer is None:
                if not self._failed:
                    logger.warning("The database does not answer; old copies are served: %s", error)
                self._failed = True
            else:
                if self._failed:
                    logger.warning("The database answers again.")
                self._failed = False
                self._known = self._epochs.state(*answer), started
            self._asking = None
            self._changed.notify_all()


class PostgresQuestion:
    """Asks on a connection of its own, by libpq's own calls: those can be given a deadline."""

    def __init__(self, database: Callable[[], BaseDatabaseWrapper]) -> None:
        self._database = database
        self._connection: psycopg.Connection | None = None

    def __call__(self) -> tuple[int | None, list[float | None]]:
        try:
            if self._connection is None:
                database = self._database()
                parameters = database.get_connection_params() | {"autocommit": True}
                self._connection = database.Database.connect(**parameters)
            return self._answer(self._connection.pgconn)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _answer(self, libpq: psycopg.pq.abc.PGconn) -> tuple[int | None, list[float | None]]:
        end = time.monotonic() + GIVE_UP
        answered = select.poll()
        answered.register(libpq.socket, select.POLLIN)
        now = f"to_timestamp({time.time():.6f})"
        libpq.send_query(question(now, "EXTRACT(EPOCH FROM {})").encode())
        while libpq.is_busy():
            if not answered.poll(max(0, end - time.monotonic()) * 1000):
                raise TimeoutError("no answer in time")
            libpq.consume_input()
        result = libpq.get_result()
        while libpq.get_result() is not None:
            pass
        if result is None or result.status != ExecStatus.TUPLES_OK:
            raise psycopg.OperationalError(libpq.error_message.decode(errors="replace"))
        version, *moments = (result.get_value(0, column) for column in range(3))
        return version and int(version), [m and float(m) for m in moments]
