"""Who gets into the editors' side, what each role may do there, and what its pages may run."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from taggit.models import Tag as TaggitTag

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.editorial.roles import ROLES, ensure_roles
from causes.models import Address, Edition, Event, Page, Revision
from tests.admin.screens import address, parsed

KINDS = ["symptom", "category", "condition", "information"]
LISTS = [reverse(f"admin:causes_{kind}_changelist") for kind in (*KINDS, "page", "source", "tag")]
PAGE_FORMS = [reverse(f"admin:causes_{kind}_add") for kind in KINDS]
OTHERS = [
    reverse("editors_guide"),
    *(
        reverse(f"admin:{name}")
        for name in (
            "index",
            "causes_source_add",
            "causes_tag_add",
            "causes_tag_desk",
            "causes_checkedlink_changelist",
            "auth_user_changelist",
            "auth_user_add",
            "auth_group_changelist",
        )
    ),
]


@pytest.fixture
def page(make_condition, make_tag, published) -> Page:
    page = make_condition(tags=(make_tag("foot"),))
    published(page)
    page.title = "Newer"
    page.save()
    record(page, actor=FIXTURE)
    return page


def screens_of(page: Page) -> list[str]:
    """The screens of a page, but for its form."""
    plain = [address(verb, page) for verb in ("withdraw", "cancel", "history", "delete")]
    number = page.revisions.first().number
    plain += [address(verb, page) for verb in ("archive", "unarchive", "ask_redaction")]
    verbs = ("publish", "submit", "give_back", "comment", "invite", "restore", "sign_off")
    return [*plain, *(address(verb, page, number) for verb in verbs)]


def policy(response) -> dict[str, list[str]]:
    header = response["Content-Security-Policy"]
    return {name: values for name, *values in map(str.split, header.split(";"))}


def inline_scripts(response) -> list:
    """The scripts without an address that a browser would run or read as an import map."""
    scripts = parsed(response).query("script")
    return [
        script
        for script in scripts
        if "src" not in script.attrs and script.attrs.get("type") != "application/json"
    ]


def assert_strict(response) -> None:
    directives = policy(response)
    assert directives["default-src"] == ["'none'"]
    assert "unsafe-" not in response["Content-Security-Policy"]
    assert "*" not in response["Content-Security-Policy"]
    for name in ("base-uri", "frame-ancestors"):
        assert directives[name] == ["'none'"]
    assert directives["form-action"] == ["'self'"]
    for element in parsed(response).query("*"):
        assert element.name != "style"
        for name, value in element.attrs.items():
            assert name != "style", element
            assert not name.startswith("on"), element
            assert not (value or "").strip().startswith("javascript:"), element


@pytest.mark.parametrize("url", [*LISTS, *OTHERS])
def test_admin_pages_have_a_strict_policy_without_a_nonce(url, admin_client, page, proven):
    response = proven(admin_client).get(url)
    assert_strict(response)
    assert "nonce" not in response["Content-Security-Policy"]
    assert inline_scripts(response) == []


def test_the_screens_of_a_page_have_a_strict_policy_without_a_nonce(publishing_client, page):
    closed = {address("delete", page), address("sign_off", page, 2)}
    for url in set(screens_of(page)) - closed:
        response = publishing_client.get(url)
        assert_strict(response)
        assert "nonce" not in response["Content-Security-Policy"], url
        assert inline_scripts(response) == [], url


def test_the_sign_in_page_has_a_strict_policy(client):
    response = client.get(reverse("admin:login"), follow=True)
    assert_strict(response)
    assert "nonce" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("url", [*PAGE_FORMS, "change"])
def test_the_forms_of_pages_run_inline_only_what_carries_this_answers_nonce(
    url, publishing_client, page
):
    url = address("change", page) if url == "change" else url
    nonces = set()
    for response in (publishing_client.get(url), publishing_client.get(url)):
        assert_strict(response)
        (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        scripts = inline_scripts(response)
        assert [script.attrs["type"] for script in scripts] == ["importmap"]
        assert {script.attrs["nonce"] for script in scripts} == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 2


def test_refusals_carry_the_policy_too(client, author, page):
    client.force_login(author)
    for url, status in ((screens_of(page)[0], 403), ("/admin/nothing/", 404), ("/nothing/", 404)):
        response = client.get(url)
        assert response.status_code == status
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_strangers_are_sent_to_sign_in(page, django_user_model):
    stranger, reader = Client(), Client()
    reader.force_login(django_user_model.objects.create_user("rita"))
    autocomplete = reverse("admin:autocomplete")
    urls = [*LISTS, *PAGE_FORMS, *OTHERS, *screens_of(page), address("change", page), autocomplete]
    urls.append(reverse("admin:password_change"))
    sign_in = reverse("admin:login")
    for url in urls:
        for client in (stranger, reader):
            for response in (client.get(url), client.post(url, {"note": "x", "post": "yes"})):
                assert response.status_code == 302, url
                assert response["Location"] == f"{sign_in}?next={url}"
    assert page.editions.live().exists()
    assert page.events.count() == 3


def test_screens_refuse_a_form_from_elsewhere(publisher, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(publisher)
    for url in screens_of(page):
        response = client.post(url, {"note": "x", "post": "yes"})
        assert response.status_code == 403, url
    assert page.editions.live().exists()


MAY = {
    "add_condition": {"Author", "Clinical reviewer", "Publisher"},
    "change_category": {"Author", "Clinical reviewer", "Publisher"},
    "delete_section": {"Author", "Clinical reviewer", "Publisher"},
    "change_source": {"Author", "Clinical reviewer", "Publisher"},
    "add_tag": {"Author", "Clinical reviewer", "Publisher"},
    "view_edition": {"Author", "Clinical reviewer", "Publisher"},
    "sign_off_page": {"Clinical reviewer"},
    "redact_page": {"Publisher"},
    "publish_page": {"Publisher"},
    "delete_condition": {"Publisher"},
    "delete_tag": {"Publisher"},
    "change_edition": set(),
    "add_revision": set(),
    "delete_event": set(),
    "change_address": set(),
}


@pytest.mark.parametrize(("permission", "roles"), MAY.items())
def test_each_role_may_do_its_work_and_no_more(permission, roles, make_person):
    assert Permission.objects.filter(codename=permission, content_type__app_label="causes").exists()
    people = {name: make_person(name, name) for name in ROLES}
    may = {name for name, person in people.items() if person.has_perm(f"causes.{permission}")}
    assert may == roles


def test_only_administrators_may_touch_accounts_and_they_touch_no_pages(make_person):
    for name in ("Author", "Clinical reviewer", "Publisher", "Administrator"):
        permissions = make_person(name, name).get_all_permissions()
        assert permissions
        apps_of = {permission.split(".")[0] for permission in permissions}
        assert apps_of == ({"auth"} if name == "Administrator" else {"causes"})


def test_migrating_again_adds_what_a_role_lacks_and_takes_nothing(db):
    author = Group.objects.get(name="Author")
    extra = Permission.objects.get(codename="publish_page")
    lost = Permission.objects.get(codename="change_condition")
    author.permissions.add(extra)
    author.permissions.remove(lost)
    Group.objects.get(name="Publisher").delete()
    for _twice in range(2):
        ensure_roles(apps.get_app_config("causes"), using="default")
    assert {extra, lost} <= set(author.permissions.all())
    assert Group.objects.get(name="Publisher").permissions.filter(pk=extra.pk).exists()


def test_taggits_own_screens_are_gone(admin_client):
    assert not admin.site.is_registered(TaggitTag)
    for url in ("/admin/taggit/", "/admin/taggit/tag/", "/admin/taggit/tag/merge-tags/"):
        assert admin_client.get(url).status_code == 404


@pytest.mark.parametrize("model", [Revision, Edition, Event, Address])
def test_history_has_no_screen_to_change_it(model):
    assert not admin.site.is_registered(model)


def test_an_author_sees_the_pages_but_not_the_accounts(client, author, page):
    client.force_login(author)
    assert client.get(reverse("admin:causes_condition_changelist")).status_code == 200
    assert client.get(address("change", page)).status_code == 200
    for name in ("auth_user_changelist", "auth_group_changelist", "auth_user_add"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
