"""What the tests take from the machine: settings of their own, and a browser if there is one.

A pytest plugin, loaded before Django reads its settings (``-p tests.environment``), so that an
operator's settings and data never reach a test. Only ``DATABASE_URL`` is passed on.
As a command it fails, and says why, where the browser's tests could not run.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

OPERATORS_SETTINGS = [
    "ACCESS_LOG",
    "ALLOWED_HOSTS",
    "BACKUP_MAX_AGE",
    "BRAND_COLOR",
    "CONTACT_EMAIL",
    "CSRF_TRUSTED_ORIGINS",
    "DATA_DIR",
    "DEBUG",
    "EMAIL_URL",
    "EMERGENCY_NUMBER",
    "FOUR_EYES",
    "HOST",
    "HSTS",
    "HSTS_PRELOAD",
    "HSTS_SUBDOMAINS",
    "LANGUAGE_CODE",
    "LEARN_FROM_SEARCHES",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "METRICS_ADDRESS",
    "PAGE_CACHE_MB",
    "PORT",
    "REQUIRE_MFA",
    "SECRET_KEY",
    "SECURITY_CONTACT",
    "SESSION_IDLE",
    "SESSION_LENGTH",
    "SITE_NAME",
    "SITE_URL",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
    "WEB_WORKERS",
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
REMEDY = "run 'apt-get install chromium libatomic1' as root"


# Cases of any input: the same few in each run; with HYPOTHESIS_PROFILE=many new ones, some 20,000
# over all properties. A busy machine is no failure, and what a test begins with stays as it is.
PROFILES = {"few": {"max_examples": 50, "derandomize": True}, "many": {"max_examples": 800}}
for profile, options in PROFILES.items():
    settings.register_profile(
        profile,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        **options,
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))
# Its tables of characters lie with pytest's things, not in a folder at the top.
set_hypothesis_home_dir(Path(__file__).resolve().parent.parent / ".pytest_cache" / "hypothesis")


# Where the Makefile puts the tests' tools, whichever environment runs them.
TOOLS = (Path(sys.prefix), Path(__file__).resolve().parent.parent / ".venv")


def chromium() -> str | None:
    """The path of the browser to drive: ``CHROMIUM``, or the first one on ``PATH``."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def nginx() -> str | None:
    """The path of the static server: what `make test` unpacks, or the machine's own."""
    unpacked = [f"{folder}/nginx/usr/sbin" for folder in TOOLS]
    return shutil.which("nginx", path=":".join([os.environ["PATH"], "/usr/sbin", *unpacked]))


def checker(path: str) -> Path:
    """A file of the checkers that the Makefile installs; the test fails where it did not."""
    files = [folder / "checkers/node_modules" / path for folder in TOOLS]
    found = next(filter(Path.is_file, files), None)
    if found is None:
        pytest.fail(f"There is no {files[-1]}: `make test` installs it.")
    return found


def why_no_browser() -> str | None:
    """What stands in the way of driving a browser, and what would help; None if nothing does."""
    if chromium() is None:
        return f"no Chromium found: {REMEDY}, or set CHROMIUM=/path/to/it"
    driver = [sys.executable, "-m", "playwright", "--version"]
    answer = subprocess.run(driver, capture_output=True, text=True)
    if answer.returncode:  # its own Node.js needs libatomic, which a small Debian lacks
        said = (answer.stderr.strip() or "it fails").splitlines()[-1]
        return f"Playwright's driver does not run: {REMEDY} ({said})"
    return None


def use_settings_of_our_own() -> None:
    """Forget the operator's settings; keep what the site writes in a folder of this run."""
    for name in OPERATORS_SETTINGS:
        os.environ.pop(name, None)
    data_dir = tempfile.mkdtemp(prefix="causes-tests-")
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    os.mkdir(os.path.join(data_dir, "static"))  # WhiteNoise warns where it is missing
    os.environ |= {"SECRET_KEY": "only-for-tests-" * 4, "DATA_DIR": data_dir}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests, with the reason, where they cannot run."""
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if browser_tests and (reason := why_no_browser()):
        for item in browser_tests:
            item.add_marker(pytest.mark.skip(reason=reason))


if __name__ == "__main__":
    sys.exit(why_no_browser())
else:
    use_settings_of_our_own()
