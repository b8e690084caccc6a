"""What an address may ask for goes through a form, and no answer is a table for a spreadsheet."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import get_resolver

from causes.public import forms
from causes.public.forms import SearchForm, SuggestForm
from causes.public.urls import PARAMETERS

PUBLIC = sorted(Path(settings.BASE_DIR, "causes/public").rglob("*.py"))
# A copy and a map set the parameters of a request that they make themselves.
SETS = {"rendering.py", "sitemaps.py"}
TAKES_PARAMETERS = {name for name in vars(forms) if name.endswith("Form")} | {"wanted"}


def reads_of_parameters(tree: ast.Module) -> list[str]:
    """What each `request.GET` is given to; "" where it is read itself."""
    given = {
        id(argument): ast.unparse(call.func)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for argument in call.args
    }
    return [
        given.get(id(node), "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"GET", "POST", "body", "FILES"}
        and ast.unparse(node.value).endswith("request")
    ]


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.name)
def test_every_public_parameter_goes_through_a_form(path):
    if path.name not in SETS:
        reads = reads_of_parameters(ast.parse(path.read_text("utf-8")))
        assert set(reads) <= TAKES_PARAMETERS, reads


def test_the_forms_know_every_parameter_of_the_table():
    fields = {
        name
        for form in vars(forms).values()
        if isinstance(form, type) and hasattr(form, "base_fields")
        for name in form.base_fields
    }
    assert {name for names in PARAMETERS.values() for name in names} == fields


@pytest.mark.parametrize("form_class", [SearchForm, SuggestForm])
def test_a_question_is_cut_and_never_refused(form_class):
    form = form_class({"q": "x" * 5000, "format": "y" * 5000})
    assert form.is_valid()
    assert len(form.cleaned_data["q"]) == forms.LONGEST_QUERY


def test_suggestions_say_again_what_was_typed(client, db):
    for typed in ("sci ", " sci", "<b>"):
        answer = client.get("/search/suggest/", {"q": typed, "format": "opensearch"}).json()
        assert answer[0] == typed


def test_nothing_is_a_table_for_a_spreadsheet(small_site, client):
    """There is no export whose cells could begin with "=", so none has to be disarmed."""
    fixed = ["/search/?q=leg", "/search/?q=leg&format=json", "/search/?format=csv"]
    fixed += ["/search/suggest/?q=leg", *(f"/{route}" for route in PARAMETERS if "<" not in route)]
    answers = [client.get(place) for place in (*small_site.addresses, *fixed)]
    assert {answer.status_code for answer in answers} <= {200, 404}  # no contact: no security.txt
    kinds = {answer["Content-Type"].split(";")[0] for answer in answers}
    assert not {kind for kind in kinds if "csv" in kind or "excel" in kind or "sheet" in kind}
    for path in Path(settings.BASE_DIR).joinpath("causes").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert not imported & {"csv", "openpyxl", "xlsxwriter", "tablib"}, path


def test_the_admin_has_no_action_that_hands_out_a_table(rf, admin_user):
    request = rf.get("/admin/")
    request.user = admin_user
    for model, screens in admin.site._registry.items():
        assert set(screens.get_actions(request)) <= {"delete_selected"}, model
    addresses = str(list(get_resolver().reverse_dict))
    assert "csv" not in addresses
    assert "export" not in addresses
