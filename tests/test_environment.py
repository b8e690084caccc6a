"""The settings that operators give: what each does, and the one line for each bad value."""

import json
import os
import runpy
import stat
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import django
import pytest
from django.conf import settings as site_settings
from django.core.checks import Tags, run_checks

from tests.environment import OPERATORS_SETTINGS

GOOD = {"SECRET_KEY": "only-for-this-test-" * 3}
PROBE = """
import json
import django
import django.core.mail
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
# Error pages name static files; none are collected here.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
"""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs Python in the project's folder with these settings and no others."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=site_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def answer(expression: str, **environment: str) -> object:
    """The value of a Python expression in a process with these settings."""
    done = run("-c", f"{PROBE}print(json.dumps({expression}))", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def data_dir(tmp_path) -> str:
    return str(tmp_path / "data")


BAD = {
    "SECRET_KEY": ["", None],
    "DEBUG": ["perhaps"],
    "PORT": ["http", "0", "65536", "-1", "80 80", ""],
    "WEB_WORKERS": ["many", "0", "1000"],
    "PAGE_CACHE_MB": ["much", "-1", "4097", "1.5", ""],
    "HSTS": ["-1", "a year"],
    "SITE_URL": [
        *("www.example.org", "ftp://example.org", "https://", "https://example.org/folder"),
        *("//example.org", "https://[", "https://a.test:port", "javascript:alert(1)", ""),
        *("https://user:secret@example.org", "https://example.org/?page=1"),
        *("https://example.org#top", "https://example.org;x", "https://exa mple.org"),
        *("https://example.org\n", "https://exam\nple.org", "https://example..org"),
        *("https://-example.org", "https://example.org.", "https://my_host", "https://a.test:"),
        *("https://a.test:65536", "https://a.test:0", "https://[::1", 'https://a.test"onload=x'),
        *("https://m\u00fcnchen.example", "https://\u212aauses.example", "https:/example.org"),
    ],
    "CONTACT_EMAIL": [
        *("editor", "editor@", "@example.org", "editor@localhost", "a b@example.org", "a@b@c.org"),
        *("Editor <editor@example.org>", "editor@example.org?cc=x@example.org", "a&b@example.org"),
        *("editor@example.org\nBcc: x@example.org", "a@example.org, b@example.org", "a%40b@c.org"),
        *(".a@example.org", "a..b@example.org", "mailto:a@example.org", "\u00fc@example.org"),
    ],
    "BRAND_COLOR": [
        *("teal", "#0f5c6", "#0f5c633", "#fff", "rgb(1, 2, 3)", "#0f5c6g", "#", "##0f5c63"),
        *("#0f5c63; } body { display: none", "#\u0661\u0661\u0661\u0661\u0661\u0661"),
    ],
    "HSTS_SUBDOMAINS": ["perhaps", ""],
    "HSTS_PRELOAD": ["perhaps", ""],
    "BACKUP_MAX_AGE": ["old", "-1", "1.5", ""],
    "LOG_FORMAT": ["", "xml", "json,text"],
    "LOG_LEVEL": ["", "loud", "0"],
    "ACCESS_LOG": ["", "some", "true"],
    "METRICS_ADDRESS": [
        *("9100", ":9100", "localhost:9100", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "::1"),
        *("127.0.0.1:65536", "127.0.0.1:x", "127.0.0.1:9100/", "http://127.0.0.1:9100", "1:2:3"),
        "127.0.0.1:\u0661",
    ],
    "SECURITY_CONTACT": [
        *("security", "security@", "http://example.org/security", "mailto:", "tel:+1", "https://"),
        *("https://example.org/a b", "https://example.org/\nContact: x", "https://exa mple.org/"),
        *("mailto:a@example.org?subject=x", "javascript:alert(1)", "a@example.org,b@example.org"),
    ],
    "TRUSTED_PROXIES": ["proxy", "10.0.0.0/33", "127.0.0.1,", "10.0.0.1/8", "*"],
    "FOUR_EYES": ["", "true", "1", "yes", "auto, on"],
    "REQUIRE_MFA": ["", "true", "yes", "publisher", "everybody"],
    "SESSION_IDLE": ["", "0", "4", "1441", "2h", "-5", "721"],  # the last is over SESSION_LENGTH
    "SESSION_LENGTH": ["", "0", "10081", "12h", "60"],
    "EMAIL_URL": [
        *("", "mail.example.org", "https://mail.example.org", "submission:", "submission://"),
        *("smtp://mail.example.org:port", "editor@example.org"),
    ],
    "LANGUAGE_CODE": ["zz", "english", "en_GB", "en-zz", "", "../en", "en\nus"],
    "TIME_ZONE": ["Mars/Olympus", "../../etc/passwd", ""],
    "DATABASE_URL": ["nonsense", "oracle://a:b@c/d", "mysql://a:b@c/d", "postgres://a:b@c:port/d"],
}


def settings_with(monkeypatch, **environment: str) -> dict[str, object]:
    """What the settings module makes of this environment; quicker than a process of its own."""
    for name in OPERATORS_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(site_settings.BASE_DIR / "config" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_a_bad_setting_stops_the_start_with_one_clear_line(name, value, data_dir, monkeypatch):
    environment = GOOD | {"DATA_DIR": data_dir, name: value}
    if value is None:
        del environment[name]
    with pytest.raises(SystemExit) as stopped:
        settings_with(monkeypatch, **environment)
    line = stopped.value.code
    assert line.startswith("Causes cannot start: ")
    assert name in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("SITE_URL", "https://example.org/", "https://example.org"),
        ("SITE_URL", "HTTPS://Example.ORG:8443", "https://example.org:8443"),
        ("SITE_URL", "http://[2001:db8::1]:80", "http://[2001:db8::1]:80"),
        ("SITE_URL", "https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("CONTACT_EMAIL", " editor+pages@news.example.org ", "editor+pages@news.example.org"),
        ("BRAND_COLOR", "#7A1F5C", "#7a1f5c"),
        ("BRAND_COLOR", "7a1f5c", "#7a1f5c"),
        (
            "TRUSTED_PROXIES",
            "127.0.0.1, 10.0.0.0/8,::1",
            [ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1")],
        ),
        ("LANGUAGE_CODE", "en-GB", "en-gb"),
        ("LANGUAGE_CODE", "en-us", "en-us"),
        ("LANGUAGE_CODE", "ar", "ar"),
        ("FOUR_EYES", " On ", "on"),
        ("FOUR_EYES", "off", "off"),
        ("ACCESS_LOG", "ALL", "all"),
        ("LOG_FORMAT", "Text", "text"),
        ("LOG_LEVEL", " WARNING ", "warning"),
        ("METRICS_ADDRESS", "127.0.0.1:9100", ("127.0.0.1", 9100)),
        ("METRICS_ADDRESS", "[::1]:9100", ("::1", 9100)),
        ("METRICS_ADDRESS", " ", None),
        ("SECURITY_CONTACT", " security@example.org", "mailto:security@example.org"),
        ("SECURITY_CONTACT", "mailto:s@example.org", "mailto:s@example.org"),
        ("SECURITY_CONTACT", "https://example.org/security", "https://example.org/security"),
        ("SECURITY_CONTACT", "https://example.org", "https://example.org"),
        ("REQUIRE_MFA", " All ", "all"),
        ("REQUIRE_MFA", "publishers", "publishers"),
        ("SESSION_IDLE", "720", 720),
        ("SESSION_LENGTH", "120", 120),
    ],
)
def test_a_good_setting_is_read_in_one_way_of_writing_it(name, value, read, data_dir, monkeypatch):
    assert settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, **{name: value})[name] == read


@pytest.mark.parametrize(
    ("environment", "read"),
    [({}, 32), ({"PAGE_CACHE_MB": "0"}, 0), ({"PAGE_CACHE_MB": "64"}, 64), ({"DEBUG": "1"}, 0)],
)
def test_the_page_cache_has_the_room_that_it_is_given(environment, read, data_dir, monkeypatch):
    found = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, **environment)
    assert found["PAGE_CACHE_MB"] == read


def test_no_request_waits_for_postgresql_for_ever(data_dir, monkeypatch):
    address = "postgres://a:b@c/d"
    options = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, DATABASE_URL=address)[
        "DATABASES"
    ]["default"]["OPTIONS"]
    assert options["connect_timeout"] == 2
    assert options["tcp_user_timeout"] == 5000
    assert "statement_timeout=30s" in options["options"]
    address += "?connect_timeout=9&options=-c%20statement_timeout%3D1s"
    chosen = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, DATABASE_URL=address)[
        "DATABASES"
    ]["default"]["OPTIONS"]
    assert chosen["connect_timeout"] == 9
    assert chosen["options"] == "-c statement_timeout=1s"
    assert chosen["tcp_user_timeout"] == 5000


MAIL = """(lambda sender: [type(sender).__module__] + [
    getattr(sender, name, None) for name in ("host", "port", "username", "use_tls", "timeout")
])(%s)"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["django.core.mail.backends.console", None, None, None, None, None]),
        (
            {"EMAIL_URL": "submission://me%40x:secret@mail.example.org"},
            ["django.core.mail.backends.smtp", "mail.example.org", 587, "me@x", True, 10],
        ),
    ],
)
def test_mail_goes_to_the_log_or_to_the_server_of_the_setting(given, expected, data_dir):
    sender = "django.core.mail.get_connection()"
    if django.VERSION >= (6, 1):
        sender = "django.core.mail.mailers.default"
    assert answer(MAIL % sender, **GOOD, DATA_DIR=data_dir, **given) == expected


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"CONTACT_EMAIL": "editor@example.org"}, "editor@example.org"),
        ({"SITE_URL": "https://pages.example.org"}, "causes@pages.example.org"),
        ({}, "causes@127.0.0.1"),
        ({"SITE_URL": "http://[::1]:8000"}, "causes@localhost"),
    ],
)
def test_mail_comes_from_the_contact_or_from_the_site(given, sender, data_dir, monkeypatch):
    read = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, **given)
    assert read["DEFAULT_FROM_EMAIL"] == sender


@pytest.mark.parametrize("blank", ["", " ", "\t "])
@pytest.mark.parametrize("name", ["EMERGENCY_NUMBER", "CONTACT_EMAIL", "BRAND_COLOR"])
def test_a_blank_setting_counts_as_none(name, blank, data_dir, monkeypatch):
    assert settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, **{name: blank})[name] == ""


def test_another_organisation_is_a_matter_of_settings(data_dir):
    """Kept in the data folder, where "#" begins no comment within a value."""
    Path(data_dir).mkdir()
    kept = "SECRET_KEY=kept\nSITE_NAME=Northfield Clinic\nBRAND_COLOR=#7a1f5c\n"
    Path(data_dir, "env").write_text(kept)
    manifest = answer(
        "Client(headers={'host': '127.0.0.1'}).get('/manifest.webmanifest').json()",
        DATA_DIR=data_dir,
    )
    assert (manifest["name"], manifest["theme_color"]) == ("Northfield Clinic", "#7a1f5c")


def test_that_line_is_all_that_a_command_prints(data_dir):
    for command in (["manage.py", "check"], ["-c", "import config.wsgi"]):
        done = run(*command, **GOOD, DATA_DIR=data_dir, PORT="http")
        assert done.returncode != 0
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("Causes cannot start: ")


def test_a_secret_key_is_needed_only_with_debug_off(data_dir, monkeypatch):
    assert settings_with(monkeypatch, DATA_DIR=data_dir, DEBUG="true")["SECRET_KEY"]
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        settings_with(monkeypatch, DATA_DIR=data_dir, DEBUG="false")


def test_a_data_folder_that_cannot_be_made_stops_the_start_with_one_clear_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("in the way")
    done = run("-m", "config.environment", DATA_DIR=str(file / "data"))
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Causes cannot start: cannot write in {file / 'data'} (")
    assert "set DATA_DIR" in line


def test_a_secret_key_is_made_once_and_kept_from_others(data_dir):
    for _twice in range(2):
        assert run("-m", "config.environment", DATA_DIR=data_dir).returncode == 0
    kept = Path(data_dir, "env")
    (line,) = kept.read_text().splitlines()
    name, key = line.split("=")
    assert name == "SECRET_KEY"
    assert len(key) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert answer("settings.SECRET_KEY", DATA_DIR=data_dir) == key
    assert answer("settings.SECRET_KEY", DATA_DIR=data_dir, SECRET_KEY="other") == "other"


def test_a_secret_key_joins_settings_that_a_person_wrote(data_dir):
    kept = Path(data_dir, "env")
    kept.parent.mkdir()
    kept.write_text("SITE_NAME=Northfield Clinic")  # no line break at the end
    kept.chmod(0o644)
    assert run("-m", "config.environment", DATA_DIR=data_dir).returncode == 0
    name, key = kept.read_text().splitlines()
    assert name == "SITE_NAME=Northfield Clinic"
    assert key.startswith("SECRET_KEY=")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_no_secret_key_is_made_where_one_is_set(data_dir):
    assert run("-m", "config.environment", DATA_DIR=data_dir, **GOOD).returncode == 0
    assert not Path(data_dir, "env").exists()


def test_settings_are_read_from_the_data_folder_and_the_environment_wins(data_dir):
    Path(data_dir).mkdir()
    Path(data_dir, "env").write_text("SECRET_KEY=kept\nSITE_NAME=Kept\nPORT=1\n")
    values = answer(
        "[settings.SITE_NAME, settings.PORT, settings.SITE_URL]", DATA_DIR=data_dir, PORT="8123"
    )
    assert values == ["Kept", 8123, "http://127.0.0.1:8123"]


HEADERS = """[
    settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
    *[[r.status_code, r.get("Location"), r.get("Strict-Transport-Security")] for r in [
        Client().get("/healthz", headers={"host": "causes.example"}, secure=s) for s in (0, 1)]]
]"""


def test_an_https_address_turns_on_redirects_secure_cookies_and_hsts(data_dir):
    environment = GOOD | {"DATA_DIR": data_dir, "SITE_URL": "https://causes.example"}
    assert answer(HEADERS, **environment) == [
        *(True, True, True),
        [301, "https://causes.example/healthz", None],
        [200, None, "max-age=3600"],
    ]
    environment["HSTS"] = "31536000"
    assert answer(HEADERS, **environment)[-1][-1] == "max-age=31536000"
    environment |= {"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}
    whole = "max-age=31536000; includeSubDomains; preload"
    assert answer(HEADERS, **environment)[-1][-1] == whole


def test_a_plain_address_leaves_them_off(data_dir):
    environment = GOOD | {"DATA_DIR": data_dir, "SITE_URL": "http://causes.example:8000"}
    assert answer(HEADERS, **environment) == [
        *(False, False, False),
        [200, None, None],
        [200, None, None],
    ]


HOSTS = """[
    Client().get("/healthz", headers={"host": host}).status_code
    for host in ("causes.example", "127.0.0.1:8000", "[::1]:8000", "evil.example")
]"""


@pytest.mark.parametrize(
    ("environment", "statuses"),
    [
        ({"SITE_URL": "http://causes.example"}, [200, 200, 400, 400]),
        ({"SITE_URL": "http://causes.example:8000"}, [200, 200, 400, 400]),
        ({"HOST": "::1"}, [400, 200, 200, 400]),
        ({"SITE_URL": "http://[::1]"}, [400, 200, 200, 400]),
        ({"ALLOWED_HOSTS": "causes.example,evil.example"}, [200, 400, 400, 200]),
    ],
)
def test_other_hosts_than_the_sites_own_are_refused(environment, statuses, data_dir):
    assert answer(HOSTS, **GOOD, DATA_DIR=data_dir, **environment) == statuses


def test_a_file_database_is_tuned_and_keeps_foreign_keys(tmp_path):
    (tmp_path / "causes.sqlite3").touch()
    pragmas = answer(
        """[connection.cursor().execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]""",
        **GOOD,
        DATA_DIR=str(tmp_path),
    )
    assert pragmas == ["wal", 1, 1, 5000]
    assert (tmp_path / "causes.sqlite3").stat().st_size


@pytest.mark.parametrize(
    ("address", "sends"),
    [("console:", False), ("dummy:", False), ("smtp://localhost:25", True), (None, False)],
)
def test_links_that_are_keys_are_mailed_only_where_a_server_sends(
    address, sends, data_dir, monkeypatch
):
    environment = {"EMAIL_URL": address} if address else {}
    found = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, **environment)
    assert found["HAS_MAIL_SERVER"] is sends


def test_transactions_on_sqlite_take_the_write_lock_at_once(data_dir, monkeypatch):
    database = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir)["DATABASES"]["default"]
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_connections_are_kept_checked_and_not_waited_for(data_dir, monkeypatch):
    address = "postgres://causes:secret@db.example:5433/pages"
    found = settings_with(monkeypatch, **GOOD, DATA_DIR=data_dir, DATABASE_URL=address)
    database = found["DATABASES"]["default"]
    place = [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert place == ["causes", "secret", "db.example", 5433, "pages"]
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["connect_timeout"] == 2


PUBLIC = {
    "EMERGENCY_NUMBER": "112",
    "CONTACT_EMAIL": "editor@causes.example",
    "SECURITY_CONTACT": "mailto:security@causes.example",
    "BRAND_COLOR": "",
    "NOT_SET": set(),
    "SITE_URL": "https://causes.example",
    "HTTPS": True,
    "ALLOWED_HOSTS": ["causes.example"],
    "TRUSTED_PROXIES": [ip_network("10.0.0.1")],
    "METRICS_ADDRESS": ("127.0.0.1", 9100),
    "FOUR_EYES": "auto",
    "REQUIRE_MFA": "publishers",
    "HSTS_PRELOAD": False,
    "DEBUG": False,
}


@pytest.fixture
def ids(settings, monkeypatch):
    """The ids of our own messages, for a public site whose settings differ in these."""

    def found(*, deploy: bool = True, mail: str = "smtp", **different: object) -> set[str]:
        for name, value in (PUBLIC | different).items():
            setattr(settings, name, value)
        backend = f"django.core.mail.backends.{mail}.EmailBackend"
        if django.VERSION >= (6, 1):
            settings.MAILERS = {"default": {"BACKEND": backend}}
        else:
            settings.EMAIL_BACKEND = backend
        messages = run_checks(tags=[Tags.security], include_deployment_checks=deploy)
        return {message.id for message in messages if message.id.startswith("causes.")}

    return found


def test_a_public_site_with_everything_set_has_no_warning_of_ours(ids):
    assert ids() == set()


@pytest.mark.parametrize(
    ("number", "different"),
    [
        (1, {"EMERGENCY_NUMBER": ""}),
        (2, {"CONTACT_EMAIL": ""}),
        (3, {"BRAND_COLOR": "#cc0000"}),
        (4, {"SECURITY_CONTACT": ""}),
        (5, {"NOT_SET": {"SITE_NAME"}}),
        (6, {"NOT_SET": {"SITE_URL"}}),
        (6, {"SITE_URL": "http://127.0.0.1:8000"}),
        (6, {"SITE_URL": "http://localhost"}),
        (6, {"SITE_URL": "https://[::1]:8000"}),
        (7, {"mail": "console"}),
        (7, {"mail": "dummy"}),
        (8, {"FOUR_EYES": "off"}),
        (9, {"ALLOWED_HOSTS": ["*"]}),
        (10, {"TRUSTED_PROXIES": [ip_network("0.0.0.0/0")]}),
        (10, {"TRUSTED_PROXIES": [ip_network("10.0.0.1"), ip_network("::/0")]}),
        (11, {"TRUSTED_PROXIES": []}),
        (12, {"METRICS_ADDRESS": ("0.0.0.0", 9100)}),  # noqa: S104 - this is what is warned of
        (12, {"METRICS_ADDRESS": ("::", 9100)}),
        (12, {"METRICS_ADDRESS": ("8.8.8.8", 9100)}),
        (13, {"HSTS_PRELOAD": True}),
        (14, {"REQUIRE_MFA": "none"}),
        (13, {"HSTS_PRELOAD": True, "HSTS_SUBDOMAINS": True, "HSTS": 3600}),
        (13, {"HSTS_PRELOAD": True, "HSTS_SUBDOMAINS": False, "HSTS": 31_536_000}),
    ],
)
def test_a_deployment_is_warned_of_one_setting(number, different, ids):
    assert ids(**different) == {f"causes.W{number:03}"}
    assert ids(**different, deploy=False) == set()


@pytest.mark.parametrize(
    "different",
    [
        {"METRICS_ADDRESS": None},
        {"METRICS_ADDRESS": ("10.0.0.5", 9100)},
        {"HSTS_PRELOAD": True, "HSTS_SUBDOMAINS": True, "HSTS": 31_536_000},
        {"HTTPS": False, "TRUSTED_PROXIES": []},
        {"FOUR_EYES": "on"},
    ],
)
def test_other_choices_are_no_reason_for_a_warning(different, ids):
    assert ids(**different) == set()


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        *(("www.example.org", True), (".example.org", True), ("8.8.8.8", True)),
        *(("[2606:4700::1]", True), ("127.0.0.1", False), ("[::1]", False), ("localhost", False)),
        *(("10.1.2.3", False), ("192.168.0.9", False), ("dev", False), ("site.test", False)),
        *(("my.site.localhost", False), ("printer.local", False), ("app.internal", False)),
    ],
)
def test_debug_with_a_public_host_stops_every_command(host, is_public, ids):
    for different in ({"ALLOWED_HOSTS": [host], "SITE_URL": "http://127.0.0.1:8000"},
                      {"ALLOWED_HOSTS": [], "SITE_URL": f"http://{host.lstrip('.')}"}):  # fmt: skip
        expected = {"causes.E002"} if is_public else set()
        assert ids(deploy=False, DEBUG=True, **different) == expected
        assert ids(deploy=False, DEBUG=False, **different) == set()


def test_a_deployment_with_everything_set_has_no_warning(tmp_path):
    done = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        DATA_DIR=str(tmp_path),
        SECRET_KEY="".join(chr(33 + number % 90) for number in range(60)),
        SITE_URL="https://causes.example",
        SITE_NAME="Causes",
        TRUSTED_PROXIES="127.0.0.1",
        SECURITY_CONTACT="security@causes.example",
        EMERGENCY_NUMBER="112",
        CONTACT_EMAIL="editor@causes.example",
        EMAIL_URL="submission://editor:secret@mail.causes.example",
        REQUIRE_MFA="publishers",
    )
    assert done.returncode == 0, done.stderr
