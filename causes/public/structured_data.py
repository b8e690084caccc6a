"""JSON-LD of the public pages, one graph a page, in schema.org's own names.

`lastReviewed` and `reviewedBy` stand only where a review took place and the next is not overdue.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from causes.models import Edition, Kind
from causes.public.site import absolute

Node = dict[str, Any]
ALSO_KNOWN = {"also_called", "see_reference", "abbreviation", "spelling"}


def _website() -> Node:
    return {
        "@type": "WebSite",
        "@id": absolute("/#website"),
        "url": absolute("/"),
        "name": settings.SITE_NAME,
        "publisher": {"@id": absolute("/#publisher")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute("/search/?q={words}")},
            "query-input": "required name=words",
        },
    }


def _publisher() -> Node:
    publisher = {
        "@type": "Organization",
        "@id": absolute("/#publisher"),
        "name": settings.SITE_NAME,
        "url": absolute("/"),
    }
    return publisher | ({"email": settings.CONTACT_EMAIL} if settings.CONTACT_EMAIL else {})


def _breadcrumb(path: str, trail: Sequence[tuple[str, str]]) -> Node:
    return {
        "@type": "BreadcrumbList",
        "@id": absolute(f"{path}#breadcrumb"),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(to)}
            for position, (name, to) in enumerate(trail, start=1)
        ],
    }


def list_graph(
    page_type: str, path: str, title: str, above: Sequence[tuple[str, str]] = ()
) -> Node:
    """The graph of a page that is not an edition: home, a list, the search page.

    ``above`` are the name and path of each page between home and this one.
    """
    page = {
        "@type": page_type,
        "@id": absolute(f"{path}#page"),
        "url": absolute(path),
        "name": title,
        "inLanguage": settings.LANGUAGE_CODE,
        "isPartOf": {"@id": absolute("/#website")},
    }
    graph = [_website(), _publisher(), page]
    if path != "/":
        page["breadcrumb"] = {"@id": absolute(f"{path}#breadcrumb")}
        graph.append(_breadcrumb(path, [("Home", "/"), *above, (title, path)]))
    return {"@context": "https://schema.org", "@graph": graph}


def page_graph(edition: Edition, context: Node) -> Node:
    """The graph of an edition's page: site, publisher, page, breadcrumb, and what it is about."""
    path, body = edition.path, edition.body
    trail = [("Home", "/"), *context["breadcrumbs"], (edition.title, path)]
    is_medical = edition.kind != Kind.INFORMATION
    page = {
        "@type": "MedicalWebPage" if is_medical else "WebPage",
        "@id": absolute(f"{path}#page"),
        "url": absolute(path),
        "name": edition.title,
        "description": edition.summary,
        "inLanguage": edition.language,
        "isPartOf": {"@id": absolute("/#website")},
        "publisher": {"@id": absolute("/#publisher")},
        "breadcrumb": {"@id": absolute(f"{path}#breadcrumb")},
        "dateModified": edition.live_from.isoformat(timespec="seconds"),
    }
    if context["references"]:
        page["citation"] = [
            {
                "@type": "WebPage",
                "name": source["title"],
                **({"url": source["url"]} if source["url"] else {}),
                "publisher": {"@type": "Organization", "name": source["publisher"]},
            }
            for source in context["references"].values()
        ]
    if body["reviewed_on"] and not context["is_overdue"]:
        page["lastReviewed"] = body["reviewed_on"]
        page["reviewedBy"] = {"@type": "Person", "name": body["reviewed_by"]}
    graph = [_website(), _publisher(), page, _breadcrumb(path, trail)]
    if about := _about(edition, context):
        page["mainEntity"] = {"@id": about["@id"]}
        graph.append(about)
    return {"@context": "https://schema.org", "@graph": graph}


def _about(edition: Edition, context: Node) -> Node | None:
    """The symptom or condition that the page is about; a group is about its symptom."""
    match edition.kind:
        case Kind.SYMPTOM:
            return _entity("MedicalSymptom", edition)
        case Kind.CONDITION:
            condition = _entity("MedicalCondition", edition)
            symptoms = [a["symptom"] for a in context["answers"] if a["is_cause"]]
            if symptoms:
                condition["signOrSymptom"] = [
                    {"@type": "MedicalSymptom", "name": s.title, "url": absolute(s.path)}
                    for s in symptoms
                ]
            return condition
        case Kind.CATEGORY if context["symptom"]:
            symptom = context["symptom"]
            return {
                "@type": "MedicalSymptom",
                "@id": absolute(f"{symptom.path}#about"),
                "name": symptom.title,
                "url": absolute(symptom.path),
            }
    return None


def _entity(entity_type: str, edition: Edition) -> Node:
    body = edition.body
    entity = {
        "@type": entity_type,
        "@id": absolute(f"{edition.path}#about"),
        "name": edition.title,
        "url": absolute(edition.path),
        "description": edition.summary,
    }
    if names := [name["name"] for name in body["names"] if name["kind"] in ALSO_KNOWN]:
        entity["alternateName"] = names
    if body["codes"]:
        entity["code"] = [
            {"@type": "MedicalCode", "codeValue": code["code"], "codingSystem": code["system"]}
            for code in body["codes"]
        ]
    return entity
