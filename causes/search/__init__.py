"""Finding live pages by their words: the one door to the index. Nobody else knows the engine."""

from causes.search.catching_up import current
from causes.search.finding import find
from causes.search.following import follow
from causes.search.index import IndexBroken, WriterBusy
from causes.search.results import Found, Hit, Suggestion
from causes.search.snippets import Snippet, snippet
from causes.search.suggesting import suggest
from causes.search.upkeep import Status, rebuild, status, sync

__all__ = [
    "Found",
    "Hit",
    "IndexBroken",
    "Snippet",
    "Status",
    "Suggestion",
    "WriterBusy",
    "current",
    "find",
    "follow",
    "rebuild",
    "snippet",
    "status",
    "suggest",
    "sync",
]
