"""From an edition to the page that patients read. The public view and a preview both call it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse

from causes.models import Edition, Facet, Kind
from causes.models.fields import page_keys
from causes.public import legs, reading, structured_data
from causes.public.forms import Wanted
from causes.public.likeness import Likeness, Neighbors
from causes.public.narrowing import LinkedPage, address, narrow
from causes.public.paging import Paging, paging
from causes.public.prepared import MadeOf, State, one_number
from causes.public.reading import (
    groups_naming,
    groups_of,
    is_over,
    linked_pages,
    site_pages,
    symptom_and_groups,
)
from causes.public.related import SharesTags
from causes.public.reports import report_address
from causes.public.richtext import web_address
from causes.public.site import emergency_number
from causes.search import missed
from causes.search.kept import content_version

Context = dict[str, Any]
Drafts = dict[str, LinkedPage]

MOST_CAUSES = 150  # on one page
FIRST_OF_ALL = Wanted()
PRIVACY = "privacy"  # the key of the page that says what the site keeps


def page_response(
    request: HttpRequest,
    edition: Edition,
    at: datetime,
    wanted: Wanted = FIRST_OF_ALL,
    drafts: Collection[LinkedPage] = (),
) -> TemplateResponse:
    """The page of an edition as patients see it at that moment, narrowed by the wanted tags.

    At most two queries beside the one that found the edition. ``drafts`` are pages that are not
    live and that a preview leads to nevertheless.
    """
    also = {draft.key: draft for draft in drafts}
    context = {"canonical": edition.path} | _CONTEXTS[edition.kind](edition, at, wanted, also)
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
        "is_overdue": is_over(edition.review_due_on, at),
        "today": edition.path,
    }
    context["made_of"] = _made_of(edition, context)
    context["structured_data"] = structured_data.page_graph(edition, context)
    return TemplateResponse(request, f"causes/{edition.kind}.html", context)


def _made_of(edition: Edition, context: Context) -> MadeOf:
    read = {(page.pk, page.digest) for page in (edition, *context["read"])}
    read |= {page.edition for page in context["linked"].values()}
    state = State(
        one_number(read),
        getattr(edition, "rewritten", 0),  # a preview's was not read
        context.get("neighbors"),
        context["is_overdue"],
    )
    found_by = Q(page_id=edition.page_id) | context["found_by"]
    return MadeOf(state, found_by, context.get("likeness"), edition.review_due_on)


def _symptom(edition: Edition, at: datetime, wanted: Wanted, drafts: Drafts) -> Context:
    groups = list(groups_of(edition, at))
    causes = {group.key: group.body["causes"] for group in groups}
    listed = list(dict.fromkeys(c["condition"] for group in groups for c in causes[group.key]))
    keys = {*listed, *edition.linked_keys()}
    linked = drafts | linked_pages(at, keys=keys)
    conditions = [linked[key] for key in listed if key in linked]
    narrowed = narrow(conditions, wanted.tags, path=edition.path)
    left = narrowed.keys
    shown = [(group.key, cause) for group in groups for cause in causes[group.key]]
    shown = [(group, cause) for group, cause in shown if cause["condition"] in left]
    pages = _paging(edition, len(shown), wanted, [option.tag.slug for option in narrowed.chosen])
    on_page: dict[str, list[Context]] = {}
    for group, cause in shown[pages.start : pages.stop]:
        on_page.setdefault(group, []).append(cause | {"page": linked[cause["condition"]]})
    return {
        "linked": linked,
        "read": groups,
        "found_by": reading.in_symptom(edition.page_id) | reading.linked(keys),
        "breadcrumbs": [("Symptoms", "/symptoms/")],
        "narrowed": narrowed,
        "pages": pages,
        "canonical": pages.here if not narrowed.chosen else edition.path,
        "legs": legs.picture(conditions, narrowed),
        "groups": [
            {
                "key": group.key,
                "path": group.path,
                "title": group.title,
                "summary": group.summary,
                "causes": on_page.get(group.key, []),
            }
            for group in groups
        ],
        "first_sections": [s for s in edition.body["sections"] if s["aspect"] == "overview"],
        "sections": [s for s in edition.body["sections"] if s["aspect"] != "overview"],
    }


def _paging(edition: Edition, count: int, wanted: Wanted, tags: Collection[str] = ()) -> Paging:
    """Of the causes on a page. There are more than a page holds only where a list has grown."""

    def address_of(number: int) -> str:
        return address(edition.path, [("page", str(number))] if number > 1 else [], tags)

    return paging(count, wanted.number, MOST_CAUSES, address_of)


def _category(edition: Edition, at: datetime, wanted: Wanted, drafts: Drafts) -> Context:
    family = symptom_and_groups(edition, at)
    symptom = next((page for page in family if page.page_id == edition.parent_id), None)
    keys = edition.linked_keys()
    linked = drafts | linked_pages(at, keys=keys)
    causes = [c for c in edition.body["causes"] if c["condition"] in linked]
    pages = _paging(edition, len(causes), wanted)
    breadcrumbs = [("Symptoms", "/symptoms/")]
    if symptom:
        breadcrumbs.append((symptom.title, symptom.path))
    return {
        "linked": linked,
        "read": family,
        "found_by": reading.family(edition.parent_id) | reading.linked(keys),
        "breadcrumbs": breadcrumbs,
        "symptom": symptom,
        "causes": [
            cause | {"page": linked[cause["condition"]]}
            for cause in causes[pages.start : pages.stop]
        ],
        "pages": pages,
        "canonical": pages.here,
        "sections": edition.body["sections"],
        "other_groups": [
            page for page in family if page.page_id not in {edition.parent_id, edition.page_id}
        ],
    }


def _condition(edition: Edition, at: datetime, wanted: Wanted, drafts: Drafts) -> Context:
    groups = list(groups_naming(edition, at))
    likeness = Likeness.of(edition) if wanted.neighbors else None
    neighbors = likeness.neighbors(at, _version(edition)) if likeness else Neighbors({}, {})
    hows = [cause["how"] for group in groups for cause in group.body["causes"]]
    keys = edition.linked_keys().union(neighbors.shared, *map(page_keys, hows))
    symptoms = Q(page_id__in={group.parent_id for group in groups})
    linked = drafts | linked_pages(at, keys=keys, wanted=symptoms)
    return {
        "linked": linked,
        "read": groups,
        "found_by": reading.naming(edition.page_id) | reading.linked(keys, symptoms),
        "likeness": likeness,
        "neighbors": neighbors,
        "breadcrumbs": [("Conditions A to Z", "/conditions/")],
        "answers": _answers(edition, groups, linked),
        "felt": legs.felt(edition.body["tags"]),
        "shares_tags": [
            SharesTags(linked[key], tuple(neighbors.tags[slug] for slug in shared))
            for key, shared in neighbors.shared.items()
            if key in linked
        ],
        "sections": edition.body["sections"],
    }


def _version(edition: Edition) -> int:
    """The content version that was read together with the edition; a preview's has none."""
    version = getattr(edition, "content_version", None)
    return content_version() if version is None else version


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


def _information(edition: Edition, at: datetime, wanted: Wanted, drafts: Drafts) -> Context:
    keys = edition.linked_keys()
    return {
        "linked": drafts | linked_pages(at, keys=keys),
        "read": (),
        "found_by": reading.linked(keys),
        "breadcrumbs": [],
        "sections": edition.body["sections"],
        "about_searches": edition.key == PRIVACY,
        "learned": _learned() if settings.LEARN_FROM_SEARCHES else {},
    }


def _learned() -> Context:
    """What is kept of searches, for the page that has to say it."""
    return {"words": missed.MOST_WORDS, "days": missed.KEPT_FOR.days}


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
            source = body["sources"][key]
            url = web_address(source["url"])
            numbered[key] = source | {"number": len(numbered) + 1, "url": url}
    return numbered


def _tags_by_facet(tags: list[Context]) -> list[tuple[str, list[Context]]]:
    by_facet = [(f.label, [tag for tag in tags if tag["facet"] == f.value]) for f in Facet]
    return [(question, found) for question, found in by_facet if found]
