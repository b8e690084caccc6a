"""Signing in with a real browser: keyboard, code app, passkey; under the policy, for everyone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import axe
from tests.browser.conftest import PATIENCE
from tests.browser.served import PASSWORD, Site, manage
from tests.people.signing import code_of

pytestmark = pytest.mark.browser

WIDTHS = (360, 1200)
NEW = "a long new password"


@pytest.fixture(scope="module")
def strict_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One whose publishers need a second factor."""
    site = Site(tmp_path_factory.mktemp("strict"), REQUIRE_MFA="publishers")
    site.prepare()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def troubles() -> list[str]:
    """What browsers wrote to their consoles: breaches of the policy among it."""
    return []


@pytest.fixture
def browse(
    browser: Browser, strict_site: Site, troubles: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own, by name: passkeys know no numbers as names of sites."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        address = strict_site.address.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=address, **options)
        context.set_default_timeout(PATIENCE)
        context.on(
            "console",
            lambda said: said.type in {"error", "warning"} and troubles.append(said.text),
        )
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """By keyboard alone: the first field has the focus."""
    expect(page.get_by_label("Account name or email")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def follow(page: Page, name: str) -> None:
    """By keyboard: Tab until the link or button of this name has the focus, and Enter."""
    for _stop in range(30):
        page.keyboard.press("Tab")
        text = page.evaluate(
            "document.activeElement.value || document.activeElement.textContent.trim()"
        )
        if text == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never came to {name!r}")


def account(site: Site, name: str, role: str) -> None:
    script = f"""
from django.contrib.auth.models import Group, User
person = User.objects.create_user({name!r}, password={PASSWORD!r}, is_staff=True)
person.groups.add(Group.objects.get(name={role!r}))
"""
    manage(site.environment, "shell", "-v", "0", "-c", script)


def authenticator(page: Page) -> None:
    """A passkey's device that always says yes, in Chromium itself."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def add_app(page: Page) -> str:
    """From one's account, by keyboard. Returns the secret; the recovery codes are shown."""
    follow(page, "Add an app")
    expect(page.get_by_role("heading", name="Add an app for codes")).to_be_visible()
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code that your app shows").focus()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    return secret


def test_by_keyboard_with_password_and_code(browse, troubles):
    page = browse()
    page.goto("/admin/causes/page/")
    sign_in(page, "paula")
    expect(page.locator(".errornote")).to_contain_text("Your role needs a second factor")
    secret = add_app(page)
    follow(page, "Go on to editing")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()

    page.goto("/admin/causes/page/")
    sign_in(page, "paula")
    expect(page.get_by_label("Code from your app, or a recovery code")).to_be_focused()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist")).to_contain_text("Incorrect code")
    page.get_by_label("Code from your app, or a recovery code").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/causes/page/")
    assert troubles == []


def test_with_a_passkey_alone_and_as_a_second_step(browse, strict_site, troubles):
    account(strict_site, "kira", "Publisher")
    page = browse()
    authenticator(page)
    page.goto("/admin/")
    sign_in(page, "kira")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    follow(page, "Add a passkey")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    follow(page, "Add the passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/admin/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()

    page.goto("/admin/causes/page/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/admin/causes/page/")

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
    page.goto("/admin/causes/page/")
    sign_in(page, "kira")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/causes/page/")
    assert troubles == []

    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for your account already")


def test_without_a_passkey_it_says_so(browse, troubles):
    page = browse()
    authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
    assert troubles == []


def test_without_a_script_password_and_code_let_in(browse, strict_site):
    account(strict_site, "nils", "Author")
    page = browse(java_script_enabled=False)
    page.goto("/admin/")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
    page.get_by_label("Account name or email").fill("nils")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    page.goto("/accounts/2fa/totp/activate/")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code that your app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_signing_out_of_the_accounts_screens_clears_what_was_typed(browse, strict_site):
    account(strict_site, "olga", "Author")
    page = browse()
    page.goto("/admin/")
    sign_in(page, "olga")
    page.wait_for_url("**/admin/")
    page.evaluate("localStorage['causes.typed.1.condition/1.x'] = '{}'")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('causes.'))") == []


def barriers(page: Page, name: str) -> list[str]:
    """What axe finds on the page, on a phone and on a desk, in light and dark; and what is wider
    than the window."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{name}, {width} {scheme}: {line}" for line in axe.failures(page)]
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found.append(f"{name}, {width}: wider than the window")
    return found


def test_the_screens_have_no_barrier(browse, strict_site):
    account(strict_site, "vera", "Author")
    admin = "from django.contrib.auth.models import User\n"
    admin += f"User.objects.create_superuser('root', password={PASSWORD!r})"
    manage(strict_site.environment, "shell", "-v", "0", "-c", admin)
    page, found = browse(bypass_csp=True), []

    def look(name: str, path: str = "", heading: str = "") -> None:
        if path:
            page.goto(path)
        if heading:
            expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        found.extend(barriers(page, name))

    look("login", "/accounts/login/", "Log in")
    look("reset", "/accounts/password/reset/", "A new password")
    look("sent", "/accounts/password/reset/sent/", "Look into your mailbox")
    look("no link", "/accounts/password/link/x/", "This link does not open")
    link = manage(strict_site.environment, "recover", "vera").split()[0]
    look("choose", re.sub(r"^https?://[^/]+", "", link), "Choose a password")
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same again").fill("short")
    page.get_by_role("button", name="Use this password").click()
    look("choose with errors")
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_role("button", name="Use this password").click()
    page.wait_for_url("**/admin/")
    look("account", "/accounts/2fa/", "Your account")
    look("passkey", "/accounts/2fa/webauthn/add/", "Add a passkey")
    look("password", "/accounts/password/change/", "Change your password")
    look("confirm", "/accounts/reauthenticate/", "Is it you?")
    look("app", "/accounts/2fa/totp/activate/", "Add an app for codes")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code that your app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    look("codes", heading="Recovery codes")
    look("new codes", "/accounts/2fa/recovery-codes/generate/", "New recovery codes")
    look("remove", "/accounts/2fa/totp/deactivate/", "Remove the app for codes")
    look("passkeys", "/accounts/2fa/webauthn/", "Passkeys")
    look("logout", "/accounts/logout/", "Log out")
    page.get_by_role("button", name="Log out").click()
    sign_in(page, "vera", NEW)
    look("second step", heading="Second step")
    page.get_by_role("button", name="Cancel").click()
    for _try in range(9):
        page.get_by_label("Account name or email").fill("nobody")
        page.get_by_label("Password").fill("x")
        page.get_by_role("button", name="Log in", exact=True).click()
        expect(page.locator("h1")).to_be_visible()
    look("locked", heading="Too many tries")
    assert not found, "\n".join(found)


def test_inviting_a_person_has_no_barrier_and_no_breach(browse, strict_site, troubles):
    manage(
        strict_site.environment,
        *("shell", "-v", "0", "-c"),
        "from django.contrib.auth.models import User\n"
        f"User.objects.create_superuser('chief', password={PASSWORD!r})",
    )
    page = browse()
    page.goto("/admin/")
    sign_in(page, "chief")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    add_app(page)
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill("nora")
    page.get_by_label("Email address").fill("nora@causes.example")
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.get_by_label("Link").input_value()
    assert troubles == []
    state = page.context.storage_state()
    other = browse(storage_state=state, bypass_csp=True)
    found = []
    for path in ("", "add/"):
        other.goto(f"/admin/auth/user/{path}")
        found += barriers(other, path)
    assert not found, "\n".join(found)
    guest = browse()
    guest.goto(re.sub(r"^https?://[^/]+", "", link))
    guest.get_by_label("New password").fill(NEW)
    guest.get_by_label("The same again").fill(NEW)
    guest.keyboard.press("Enter")
    guest.wait_for_url("**/admin/")
    assert troubles == []
