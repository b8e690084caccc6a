"""Findings: what an editor should change in a page, and what must change before it is published.

Pure functions from a document and what the rules know of the rest of the site, shared by the
form, the desk, the command and tests.
"""

from collections.abc import Iterator

from causes.editorial.quality.characters import character_hints
from causes.editorial.quality.findings import Context, Document, Finding, Level
from causes.editorial.quality.reading import text_hints
from causes.editorial.quality.safety import safety_errors
from causes.editorial.quality.structure import structure_hints
from causes.editorial.quality.surroundings import surrounding_hints

__all__ = ["Context", "Document", "Finding", "Level", "count", "findings", "safety_errors"]


def findings(document: Document, context: Context) -> list[Finding]:
    """Errors first; within them and within the hints in the order of the rules."""
    return [*safety_errors(document), *_hints(document, context)]


def _hints(document: Document, context: Context) -> Iterator[Finding]:
    yield from surrounding_hints(document, context)
    yield from structure_hints(document, context)
    yield from character_hints(document)
    yield from text_hints(document, context)


def count(found: list[Finding]) -> dict[str, int]:
    """As a revision keeps it."""
    errors = sum(finding.level == Level.ERROR for finding in found)
    return {"errors": errors, "hints": len(found) - errors}
