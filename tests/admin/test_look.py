"""The admin looks like the site: its colours, its name and icon, in our stylesheet alone."""

import re
from collections import defaultdict

from django.conf import settings
from django.urls import reverse

from tests.admin.screens import parsed

SHEETS = ["admin.css", "admin_page.css", "admin_form.css"]
STATIC = settings.BASE_DIR / "causes/static/causes"


def palette(name: str) -> dict[str, list[str]]:
    """The values of each colour in a stylesheet, in its order: light, then dark."""
    found = defaultdict(list)
    css = (STATIC / name).read_text("utf-8")
    for token, colour in re.findall(r"--([\w-]+): (#[0-9a-f]{3,8});", css):
        found[token].append(colour)
    return found


def test_the_colours_are_those_of_the_site():
    site, admin = palette("site.css"), palette("admin.css")
    assert len(admin) > 10
    for token, (light, dark, chosen_dark) in admin.items():
        assert (light, dark) == tuple((site[token] * 2)[:2]), token
        assert chosen_dark == dark, token


def test_the_stylesheets_force_nothing():
    for name in SHEETS:
        assert "!important" not in (STATIC / name).read_text("utf-8")


def test_the_header_has_the_sites_name_and_icon_and_our_stylesheets_come_last(admin_client):
    page = parsed(admin_client.get(reverse("admin:causes_condition_add")))
    name = page.query("#site-name")[0]
    assert settings.SITE_NAME in name.to_text()
    assert name.query("img")[0].attrs["src"].endswith("icon.svg")
    sheets = [link.attrs["href"] for link in page.query("link[rel=stylesheet]")]
    assert [sheet.rpartition("/")[2] for sheet in sheets[-3:]] == SHEETS


def test_the_sign_in_page_has_a_heading(client):
    page = parsed(client.get(reverse("admin:login"), follow=True))
    assert [heading.to_text().strip() for heading in page.query("h1")] == ["Log in"]
