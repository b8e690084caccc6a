"""The table of verbs for people to read: the README's section "States"."""

from collections.abc import Iterable

from django.db import models

from causes.editorial.transitions import SAVED, TABLE, Public, Rule, Verb, Version


def readme_section() -> str:
    """The diagram of a version's states and the table of all verbs, as Markdown."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft: save"]
    for verb in (Verb.SUBMIT, Verb.GIVE_BACK, Verb.PUBLISH):
        rule, after = TABLE[verb], TABLE[verb].version_after
        lines += [
            f"    {version} --> {after}: {rule.name}"
            for version in Version
            if version in rule.versions and version != after
        ]
    lines += [f"    {version} --> draft: save, restore" for version in Version if version in SAVED]
    lines += ["    published --> draft: cancel (nobody saw it)", "```", ""]
    lines += [
        "| verb | newest version | page | who | after |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, TABLE.values())])


def _row(rule: Rule) -> str:
    after = [_words([rule.version_after])] if rule.version_after else []
    after += [_words(_in_order(rule.public_after))] if rule.public_after else []
    cells = (
        rule.name,
        "any" if rule.versions >= SAVED else _words(_in_order(rule.versions)),
        "any" if rule.public == frozenset(Public) else _but(rule.public),
        ", ".join(rule.roles()),
        "; ".join(after) or "as before",
    )
    return f"| {' | '.join(cells)} |"


def _in_order(states: frozenset) -> list:
    return [state for state in type(next(iter(states))) if state in states]


def _words(states: Iterable[models.TextChoices]) -> str:
    return ", ".join(state.value.replace("_", " and ") for state in states)


def _but(public: frozenset[Public]) -> str:
    missing = frozenset(Public) - public
    if len(missing) == 1:
        return f"any but {_words(missing)}"
    return _words(_in_order(public))
