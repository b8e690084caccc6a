"""The copies: bounded by bytes, least recently used out first, a scan of junk does not push out.

Two queues: what was asked for once waits in the first; what is asked for again moves to the
second, which holds most of the room. New copies only push out others of the first queue.

The queues are of this process. The bodies lie in memory that it may share with others, in two rings
as large as the queues. What is asked for moves on before it is overwritten; the rest is lost, which
`get` notices.
"""

import threading
from collections import OrderedDict

from causes.public.pagecache.answers import Page
from causes.public.pagecache.counts import counts
from causes.public.pagecache.keys import Key
from causes.public.shared_ring import Ring

SHARE_OF_USED = 0.8  # of the room, for what was asked for again
LARGEST = 1 / 8  # of the room, for one page


class Store:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        used = int(limit * SHARE_OF_USED)
        self._ring_of_new, self._ring_of_used = Ring(limit - used), Ring(used)
        self._lock = threading.Lock()
        self._new: OrderedDict[Key, Page] = OrderedDict()
        self._used: OrderedDict[Key, Page] = OrderedDict()
        self._new_bytes = self._used_bytes = 0
        self._keys: dict[str, set[Key]] = {}  # by path

    def __len__(self) -> int:
        return len(self._new) + len(self._used)

    def __contains__(self, key: Key) -> bool:
        return key in self._used or key in self._new

    @property
    def bytes(self) -> int:
        return self._new_bytes + self._used_bytes

    def get(self, key: Key) -> Page | None:
        with self._lock:
            page = self._used.get(key) or self._new.get(key)
            if page is None:
                return None
            if not page.bodies.settle(self._ring_of_used):
                self._remove(key)
                self._count()
                return None
            if key in self._used:
                self._used.move_to_end(key)
            else:
                del self._new[key]
                self._new_bytes -= page.size
                self._use(key, page)
            return page

    def put(self, key: Key, page: Page, newest: int) -> None:
        """Keep the page, unless what happened since may have ended it.

        ``newest`` is the newest epoch known by now. A copy from before it may take the place of
        an older one, but must not bring back a page that was dropped meanwhile.
        """
        with self._lock:
            previous = self._used.get(key) or self._new.get(key)
            oldest = newest if previous is None else previous.epoch
            if page.epoch < oldest:
                return
            was_used = key in self._used
            self._remove(key)
            ring = self._ring_for(page, was_used=was_used)
            if page.size <= self.limit * LARGEST and page.bodies.settle(ring):
                self._keys.setdefault(key[2], set()).add(key)
                if was_used:
                    self._use(key, page)
                else:
                    self._new[key] = page
                    self._new_bytes += page.size
                self._make_room()
            self._count()

    def drop(self, key: Key) -> None:
        with self._lock:
            self._remove(key)
            self._count()

    def drop_path(self, path: str) -> None:
        """Every copy of the address, whatever its host and parameters."""
        with self._lock:
            for key in list(self._keys.get(path, ())):
                self._remove(key)
            self._count()

    def _ring_for(self, page: Page, *, was_used: bool) -> Ring:
        """A new copy lies where it overwrites nothing that is used, if it is not too large."""
        used, new = self._ring_of_used, self._ring_of_new
        overwrites = not used.has_untouched(page.size) and new.takes(page.size)
        return new if overwrites and not was_used else used

    def _use(self, key: Key, page: Page) -> None:
        self._used[key] = page
        self._used_bytes += page.size
        while self._used_bytes > self.limit * SHARE_OF_USED:
            oldest, old = self._used.popitem(last=False)
            self._used_bytes -= old.size
            self._new[oldest] = old
            self._new_bytes += old.size

    def _make_room(self) -> None:
        while self.bytes > self.limit:
            self._remove(next(iter(self._new or self._used)))

    def _remove(self, key: Key) -> None:
        if (page := self._used.pop(key, None)) is not None:
            self._used_bytes -= page.size
        elif (page := self._new.pop(key, None)) is not None:
            self._new_bytes -= page.size
        else:
            return
        keys = self._keys[key[2]]
        keys.discard(key)
        if not keys:
            del self._keys[key[2]]

    def _count(self) -> None:
        counts.entries, counts.bytes = len(self), self.bytes
