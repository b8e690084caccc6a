"""What a database holds, in figures that are equal exactly when the contents are.

Rows are counted in every table; of what matters most, every document of a version and every body
of an edition, the text itself is hashed. Both databases, a copy and a dump give the same figures.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

TEXTS = {"causes_revision": "document", "causes_edition": "body"}
# What is true for a day only, and would sign somebody in again, or keep them out, after a restore.
# The tables are in a backup, their rows are not.
LEFT_OUT = ("django_session", "axes_accessattempt", "axes_accesslog")


class Cursor(Protocol):
    """A cursor of any database (PEP 249)."""

    def execute(self, query: str) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchmany(self, size: int) -> Any: ...


@dataclass(frozen=True)
class Contents:
    """Rows by table; the hash of all texts of history."""

    tables: dict[str, int]
    texts: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def differences(self, other: "Contents") -> list[str]:
        """One line for each thing that the other one holds otherwise."""
        none = dict.fromkeys(LEFT_OUT, 0)  # a dump does not name a table without rows
        mine, others = none | self.tables, none | other.tables
        lines = [
            f"{table}: {mine.get(table, 'no')} rows, not {others.get(table, 'none')}"
            for table in sorted(mine.keys() | others.keys())
            if mine.get(table) != others.get(table)
        ]
        return lines + (["the texts of history differ"] if self.texts != other.texts else [])


def read(cursor: Cursor, tables: Iterable[str], *, without_left_out: bool = False) -> Contents:
    """The contents that a cursor sees: give it one snapshot. On request as if LEFT_OUT were."""
    counts = {}
    for table in sorted(tables):
        if table in LEFT_OUT and without_left_out:
            counts[table] = 0
            continue
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - a name of the catalogue
        counts[table] = cursor.fetchone()[0]
    return Contents(counts, hash_of_texts(_texts(cursor, counts)))


def _texts(cursor: Cursor, tables: Iterable[str]) -> Iterator[tuple[str, int, int, str]]:
    for table in TEXTS.keys() & set(tables):
        cursor.execute(
            f"SELECT page_id, number, CAST({TEXTS[table]} AS text) "  # noqa: S608 - our own names
            f"FROM {table} ORDER BY page_id, number"
        )
        while rows := cursor.fetchmany(200):
            yield from ((table, *row) for row in rows)


def hash_of_texts(texts: Iterable[tuple[str, int, int, str]]) -> str:
    """sha256 over (table, page, number, JSON text), whatever their order and spacing."""
    lines = sorted(f"{table} {page} {number} {_hash(text)}" for table, page, number, text in texts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _hash(text: str) -> str:
    plain = json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
