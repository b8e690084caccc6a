"""A thread of the server that keeps the index at what is live, so that no reader waits for it.

Started by `config.wsgi.warm_application` and by nothing else: elsewhere searches look themselves.
"""

import logging
import threading
from time import sleep

from django.db import Error, close_old_connections
from django.utils import timezone

from causes.search.catching_up import leave_to_follower, look

logger = logging.getLogger(__name__)

# Seconds between two looks. One process writes, the others see it in their next look: two pauses
# and the work between them stay below a second.
PAUSE = 0.2


def follow() -> None:
    """From now on, in the background. Each process of a server calls it."""
    leave_to_follower()
    threading.Thread(target=_work, name="search", daemon=True).start()


def _work() -> None:
    while True:
        try:
            if reading := look(timezone.now()):
                reading.vocabulary  # noqa: B018 - read here, before a misspelt word needs it
        except Error:  # the database is gone or busy; what was read goes on being read
            logger.debug("The search index could not be compared.", exc_info=True)
        except Exception:  # of one look; the next ones must not go without
            logger.exception("The search index could not be brought up to date.")
        finally:
            close_old_connections()
        sleep(PAUSE)
