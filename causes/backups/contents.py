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
        lines = [
            f"{table}: {self.tables.get(table, 'no')} rows, not {other.tables.get(table, 'none')}"
            for table in sorted(self.tables.keys() | other.tables.keys())
            if self.tables.get(table) != other.tables.get(table)
        ]
        return lines + (["the texts of history differ"] if self.texts != other.texts else [])


def read(cursor: Cursor, tables: Iterable[str]) -> Contents:
    """The contents that a cursor sees: give it one snapshot."""
    counts = {}
    for table in sorted(tables):
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
