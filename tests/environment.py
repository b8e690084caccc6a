"""What the tests take from the machine: settings of their own, and a browser if there is one.

A pytest plugin, loaded before Django reads its settings (``-p tests.environment``), so that an
operator's settings and data never reach a test. Only ``DATABASE_URL`` is passed on.
As a command it prints where the browser is, or fails with the line that says how to get one.
"""

import atexit
import os
import shutil
import sys
import tempfile

import pytest

OPERATORS_SETTINGS = [
    "ALLOWED_HOSTS",
    "CONTACT_EMAIL",
    "CSRF_TRUSTED_ORIGINS",
    "DATA_DIR",
    "DEBUG",
    "EMAIL_URL",
    "EMERGENCY_NUMBER",
    "FOUR_EYES",
    "HOST",
    "HSTS",
    "LANGUAGE_CODE",
    "PORT",
    "REQUIRE_MFA",
    "SECRET_KEY",
    "SECURITY_CONTACT",
    "SITE_NAME",
    "SITE_URL",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
    "WEB_WORKERS",
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
NO_BROWSER = (
    "no Chromium found: run 'apt-get install chromium' as root, or set CHROMIUM=/path/to/it"
)


def chromium() -> str | None:
    """The path of the browser to drive: ``CHROMIUM``, or the first one on ``PATH``."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def use_settings_of_our_own() -> None:
    """Forget the operator's settings; keep what the site writes in a folder of this run."""
    for name in OPERATORS_SETTINGS:
        os.environ.pop(name, None)
    data_dir = tempfile.mkdtemp(prefix="causes-tests-")
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    os.environ |= {"SECRET_KEY": "only-for-tests-" * 4, "DATA_DIR": data_dir}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests, with the reason, where there is no browser."""
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


if __name__ == "__main__":
    if chromium() is None:
        sys.exit(f"Browser tests: {NO_BROWSER}.")
else:
    use_settings_of_our_own()
