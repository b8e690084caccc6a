"""What two documents of one page differ in, part by part."""

from typing import Any

from causes.editorial.documents import ROW_LISTS
from causes.models import Page

_LISTS = {"cards": "care card", "names": "other name", "citations": "source"} | {
    name: model._meta.verbose_name
    for name, model in ROW_LISTS.items()
    if name not in {"cards", "names", "citations"}
}


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """One line a difference: "Title", "Section “Tests”: changed", "Tag “foot”: added"."""
    lines = []
    for name in after.keys() | before.keys():
        old, new = before.get(name), after.get(name)
        if old == new or name in {"schema", "sources"}:
            continue
        if name == "tags":
            lines += _added_and_removed("Tag", set(_slugs(old)), set(_slugs(new)))
        elif name in _LISTS:
            lines += _rows(_LISTS[name].capitalize(), old or [], new or [])
        else:
            lines.append(_field_label(name))
    return sorted(lines)


def _field_label(name: str) -> str:
    fields = {field.name: field.verbose_name for field in Page._meta.get_fields() if field.concrete}
    return str(fields.get(name, name.replace("_", " "))).capitalize()


def _slugs(tags: list[Any] | None) -> list[str]:
    return [tag["slug"] if isinstance(tag, dict) else tag for tag in tags or []]


def _added_and_removed(what: str, old: set[str], new: set[str]) -> list[str]:
    added = [f"{what} “{name}”: added" for name in new - old]
    return added + [f"{what} “{name}”: removed" for name in old - new]


def _rows(what: str, old: list[dict], new: list[dict]) -> list[str]:
    before, after = ({row["anchor"]: row for row in rows} for rows in (old, new))

    def label(row: dict) -> str:
        names = ("heading", "name", "condition", "code", "target", "source", "anchor")
        return next(str(row[name]) for name in names if row.get(name))

    lines = _added_and_removed(
        what,
        {label(before[anchor]) for anchor in before.keys() - after.keys()},
        {label(after[anchor]) for anchor in after.keys() - before.keys()},
    )
    for anchor in before.keys() & after.keys():
        # The editor's note is in the draft alone.
        shared = before[anchor].keys() & after[anchor].keys()
        if any(before[anchor][name] != after[anchor][name] for name in shared):
            lines.append(f"{what} “{label(after[anchor])}”: changed")
    both = [
        [row["anchor"] for row in rows if row["anchor"] in before.keys() & after.keys()]
        for rows in (old, new)
    ]
    return lines + ([f"{what}s: new order"] if both[0] != both[1] else [])
