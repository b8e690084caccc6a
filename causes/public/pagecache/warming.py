"""Fills the cache before readers come, and again with what a publication or a schedule changed.

One thread a process, started by `config.wsgi.warm_application` and by nothing else. It also
drops the copies of what was withdrawn while nobody asked for it, so that they are not there when
the database is gone.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep

from django.conf import settings
from django.db import Error, close_old_connections
from django.db.models import Q
from django.utils import timezone

from causes.models import Edition
from causes.public import catalog
from causes.public.pagecache.layer import PageCache
from causes.public.pagecache.parameters import FIXED_ADDRESSES

logger = logging.getLogger(__name__)

MOST_PAGES = 200
LONGEST = 20.0  # seconds
LONGEST_START = 5.0  # seconds that a server waits before it takes readers
PAUSE = 1.0  # between two looks at the content version
# A publication counts from its beginning, but shows from its end; clocks differ.
MARGIN = timedelta(minutes=2)


def keep_warm(cache: PageCache) -> None:
    """From now on, in the background.

    Returns when what lists know is read: at 50,000 conditions it takes seconds, in which the first
    readers would be told to come back. A database that does not answer holds no server up.
    """
    has_lists = threading.Event()

    def work() -> None:
        _read_lists()
        has_lists.set()
        _follow(cache)

    threading.Thread(target=work, name="warm-up", daemon=True).start()
    has_lists.wait(LONGEST_START)


def _read_lists() -> None:
    try:
        catalog.read_ahead(timezone.now())
    except Error as error:
        logger.warning("What lists know is not read yet: %s", error)
    except Exception:  # a page that needs it will say so; the others must not go without
        logger.exception("What lists know could not be read.")
    finally:
        close_old_connections()


def _follow(cache: PageCache) -> None:
    since, known = timezone.now(), None
    while True:
        state = cache.freshness.read()
        if state is not None and state != known:
            now = timezone.now()
            addresses = first_addresses if known is None else partial(changed_addresses, since, now)
            try:
                is_filled = fill(cache, addresses)
            except Exception:  # of one page; the others, and later changes, must not go without
                logger.exception("The page cache could not be filled.")
                is_filled = True
            if is_filled:
                since, known = now, state
        sleep(PAUSE)


def fill(cache: PageCache, addresses: Callable[[], Iterable[str]]) -> bool:
    """Have a copy of each page, as far as the time allows. Whether the database could be read."""
    scheme, host = settings.SITE_URL.split("://")
    end = monotonic() + LONGEST
    try:
        found = list(addresses())
    except Error as error:
        logger.warning("The page cache is not filled yet: %s", error)
        return False
    finally:
        close_old_connections()
    for path in found:
        if monotonic() > end:
            break
        cache.renew((scheme, host, path, ""))
    return True


def first_addresses() -> list[str]:
    """The pages that have no edition, then symptoms and what hangs on them."""
    live = Edition.objects.live().order_by("-kind", "path").values_list("path", flat=True)
    return [*FIXED_ADDRESSES, *live[: MOST_PAGES - len(FIXED_ADDRESSES)]]


def changed_addresses(since: datetime, now: datetime) -> list[str]:
    """The pages of editions that began or ended since, and those that list pages."""
    between = (since - MARGIN, now)
    changed = Edition.objects.filter(Q(live_from__range=between) | Q(live_until__range=between))
    paths = changed.order_by("-live_from").values_list("path", flat=True)
    return [*dict.fromkeys(paths[:MOST_PAGES]), *FIXED_ADDRESSES]
