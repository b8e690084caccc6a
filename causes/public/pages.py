"""From an edition to the page that patients read. The public view and a preview both call it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse

from causes.models import Edition, Facet, Kind
from causes.models.fields import page_keys
from causes.public import legs, structured_data
from causes.public.narrowing import LinkedPage, narrow
from causes.public.reading import (
    groups_naming,
    groups_of,
    linked_pages,
    sharing_tags,
    site_pages,
    symptom_and_groups,
)
from causes.public.related import by_shared_tags
from causes.public.reports import report_address
from causes.public.site import emergency_number

Context = dict[str, Any]
Drafts = dict[str, LinkedPage]


def page_response(
    request: HttpRequest,
    edition: Edition,
    at: datetime,
    tags: Collection[str] = (),
    drafts: Collection[LinkedPage] = (),
) -> TemplateResponse:
    """The page of an edition as patients see it at that moment, narrowed by ``tags``.

    At most two queries beside the one that found the edition. ``drafts`` are pages that are not
    live and that a preview leads to nevertheless.
    """
    also = {draft.key: draft for draft in drafts}
    context = _CONTEXTS[edition.kind](edition, at, tags, also)
    body = edition.body
    linked: dict[str, LinkedPage] = context["linked"]
    context |= {
        "edition": edition,
        "body": body,
        "paths": {key: page.path for key, page in linked.items()},
        "also_called": [
            name["name"]
            for name in body["names"]
            if name["kind"] in {"also_called", "abbreviation"}
        ],
        "cards": [care_card(card) for card in body["cards"]],
        "references": references(body),
        "related": [linked[link["target"]] for link in body["related"] if link["target"] in linked],
        "changes": [statement for statement in body["statements"] if statement["change"]],
        "tags_by_facet": _tags_by_facet(body["tags"]),
        "site_pages": site_pages(linked.values()),
        "report": report_address(edition),
    }
    context["structured_data"] = structured_data.page_graph(edition, context)
    return TemplateResponse(request, f"causes/{edition.kind}.html", context)


def _symptom(edition: Edition, at: datetime, tags: Collection[str], drafts: Drafts) -> Context:
    groups = list(groups_of(edition, at))
    causes = {group.key: group.body["causes"] for group in groups}
    listed = list(dict.fromkeys(c["condition"] for group in groups for c in causes[group.key]))
    linked = drafts | linked_pages(at, keys={*listed, *edition.linked_keys()})
    conditions = [linked[key] for key in listed if key in linked]
    narrowed = narrow(conditions, tags, path=edition.path)
    left = narrowed.keys
    return {
        "linked": linked,
        "breadcrumbs": [("Symptoms", "/symptoms/")],
        "narrowed": narrowed,
        "legs": legs.picture(conditions, narrowed),
        "groups": [
            {
                "key": group.key,
                "path": group.path,
                "title": group.title,
                "summary": group.summary,
                "causes": [
                    cause | {"page": linked[cause["condition"]]}
                    for cause in causes[group.key]
                    if cause["condition"] in left
                ],
            }
            for group in groups
        ],
        "first_sections": [s for s in edition.body["sections"] if s["aspect"] == "overview"],
        "sections": [s for s in edition.body["sections"] if s["aspect"] != "overview"],
    }


def _category(edition: Edition, at: datetime, tags: Collection[str], drafts: Drafts) -> Context:
    family = symptom_and_groups(edition, at)
    symptom = next((page for page in family if page.page_id == edition.parent_id), None)
    causes = edition.body["causes"]
    linked = drafts | linked_pages(at, keys=edition.linked_keys())
    breadcrumbs = [("Symptoms", "/symptoms/")]
    if symptom:
        breadcrumbs.append((symptom.title, symptom.path))
    return {
        "linked": linked,
        "breadcrumbs": breadcrumbs,
        "symptom": symptom,
        "causes": [
            cause | {"page": linked[cause["condition"]]}
            for cause in causes
            if cause["condition"] in linked
        ],
        "sections": edition.body["sections"],
        "other_groups": [
            page for page in family if page.page_id not in {edition.parent_id, edition.page_id}
        ],
    }


def _condition(edition: Edition, at: datetime, chosen: Collection[str], drafts: Drafts) -> Context:
    groups = list(groups_naming(edition, at))
    tags = {tag["slug"] for tag in edition.body["tags"]}
    hows = [cause["how"] for group in groups for cause in group.body["causes"]]
    linked = drafts | linked_pages(
        at,
        keys=edition.linked_keys().union(*map(page_keys, hows)),
        wanted=Q(page_id__in={group.parent_id for group in groups}) | sharing_tags(tags, at),
    )
    shown = {edition.key, *(link["target"] for link in edition.body["related"])}
    return {
        "linked": linked,
        "breadcrumbs": [("Conditions A to Z", "/conditions/")],
        "answers": _answers(edition, groups, linked),
        "felt": legs.felt(edition.body["tags"]),
        "shares_tags": by_shared_tags(tags, linked.values(), left_out=shown),
        "sections": edition.body["sections"],
    }


def _answers(
    condition: Edition, groups: list[Edition], linked: dict[str, LinkedPage]
) -> list[Context]:
    """For each symptom: whether and how the condition causes it, and in which groups it stands.

    Those that it causes come first.
    """
    answers: dict[str, Context] = {}
    for group in groups:
        symptom = linked.get(group.body["symptom"])
        cause = next(c for c in group.body["causes"] if c["condition"] == condition.key)
        if symptom is None:
            continue
        answer = answers.setdefault(
            symptom.key, {"symptom": symptom, "groups": [], "hows": [], "is_cause": False}
        )
        answer["groups"].append({"path": group.path, "title": group.title, "cause": cause})
        answer["is_cause"] |= cause["relation"] != "not_a_cause_here"
        if cause["how"] not in answer["hows"]:
            answer["hows"].append(cause["how"])
    return sorted(answers.values(), key=lambda answer: not answer["is_cause"])


def _information(edition: Edition, at: datetime, tags: Collection[str], drafts: Drafts) -> Context:
    return {
        "linked": drafts | linked_pages(at, keys=edition.linked_keys()),
        "breadcrumbs": [],
        "sections": edition.body["sections"],
    }


_CONTEXTS = {
    Kind.SYMPTOM: _symptom,
    Kind.CATEGORY: _category,
    Kind.CONDITION: _condition,
    Kind.INFORMATION: _information,
}


def care_card(card: Context) -> Context:
    """The card with the fixed wording of its level (the NHS content model's care cards).

    The template writes an emergency's title itself, because the number in it can be called.
    """
    hidden, title = {
        "emergency": ("Immediate action required:", ""),
        "urgent": ("Urgent advice:", "Ask for an urgent appointment if:"),
        "non_urgent": ("Non-urgent advice:", "See a doctor if:"),
    }[card["level"]]
    return card | {"hidden": hidden, "title": title, "number": emergency_number()}


def references(body: Context) -> dict[str, Context]:
    """The cited sources by key, numbered in the order in which the page first cites them."""
    numbered: dict[str, Context] = {}
    rows = [*body["cards"], *body.get("causes", []), *body["sections"]]
    keys = [key for row in rows for key in row["citations"]]
    keys += [citation["source"] for citation in body["citations"]]
    for key in keys:
        if key in body["sources"] and key not in numbered:
            numbered[key] = body["sources"][key] | {"number": len(numbered) + 1}
    return numbered


def _tags_by_facet(tags: list[Context]) -> list[tuple[str, list[Context]]]:
    by_facet = [(f.label, [tag for tag in tags if tag["facet"] == f.value]) for f in Facet]
    return [(question, found) for question, found in by_facet if found]
