"""The editors' screens as a browser has them: forms read from HTML, filled in and sent."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from justhtml import JustHTML, Node

from causes.models import Page

FormData = dict[str, Any]


def parsed(response: HttpResponse) -> JustHTML:
    assert response.status_code == 200, response.status_code
    return JustHTML(response.content.decode(), sanitize=False)


def text_of(response: HttpResponse, selector: str) -> str:
    """The text of the first element there, its white space put right."""
    return " ".join(parsed(response).query(selector)[0].to_text().split())


def address(verb: str, page: Page | str, *more: Any) -> str:
    """The address of a screen: "change" of a page, or "add" of a kind."""
    if isinstance(page, str):
        return reverse(f"admin:causes_{page}_{verb}")
    return reverse(f"admin:causes_{page.kind}_{verb}", args=[page.pk, *more])


def form_data(client: Client, url: str) -> FormData:
    """What a browser would send if the form at ``url`` were saved as it stands."""
    data: FormData = {"_continue": "1"}
    for control in parsed(client.get(url)).query("#content-main form [name]"):
        if (value := _value(control)) is not None:
            data[control.attrs["name"]] = value
    return data


def _value(control: Node) -> str | list[str] | None:
    """None for what a browser does not send: buttons, boxes that are not ticked."""
    attributes = control.attrs
    match control.name:
        case "select":
            chosen = [o.attrs["value"] for o in control.query("option") if "selected" in o.attrs]
            return chosen if "multiple" in attributes else "".join(chosen)
        case "textarea":
            return "".join(child.data for child in control.children)
        case "input" if attributes.get("type") == "checkbox":
            return attributes.get("value", "on") if "checked" in attributes else None
        case "input" if attributes.get("type") == "radio":
            return attributes["value"] if "checked" in attributes else None
        case "input" if attributes.get("type") != "submit":
            return attributes.get("value", "")
    return None


def add_row(data: FormData, rows: str, **values: Any) -> None:
    """Fill in a new row of the inline ``rows`` ("sections"), from the form's empty one."""
    number = int(data[f"{rows}-TOTAL_FORMS"])
    data[f"{rows}-TOTAL_FORMS"] = str(number + 1)
    for name in [name for name in data if name.startswith(f"{rows}-__prefix__-")]:
        data[name.replace("__prefix__", str(number))] = data[name]
    for field, value in values.items():
        name = f"{rows}-{number}-{field}"
        assert name in data or field in {"DELETE", "safety"}, f"the form has no {name}"
        data[name] = value


def save(client: Client, page: Page, **values: Any) -> HttpResponse:
    """Open the page's form, change ``values``, save it. A refused form is a failed test."""
    url = address("change", page)
    data = form_data(client, url)
    unknown = [name for name in values if name not in data and not name.endswith("-DELETE")]
    assert not unknown, f"the form has no {unknown}"
    response = client.post(url, data | values)
    assert response.status_code == 302, errors(response)
    return response


def errors(response: HttpResponse) -> str:
    """What a form that came back complains of."""
    found = parsed(response).query(".errorlist li, .errornote")
    return " | ".join(" ".join(error.to_text().split()) for error in found)
