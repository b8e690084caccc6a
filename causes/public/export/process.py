"""How a further process begins and ends. Imported before Django is ready there."""

import os
import signal
import threading
from concurrent.futures import Executor, Future
from multiprocessing import parent_process
from multiprocessing.connection import wait
from typing import Any

import django


def begin() -> None:
    """Ready for work. Ctrl-C is the first process's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    django.setup()


def _end_with_the_first() -> None:
    """A process whose parent was killed would wait for work for ever."""
    wait([parent_process().sentinel])
    os._exit(1)


class Here(Executor):
    """Does the work in this process, at once: for so little that starting others costs more."""

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
