"""Reads the settings' values from the environment, strictly: a bad one stops the start.

Values may also stand in ``DATA_DIR/env`` (``NAME=value`` lines); the environment itself wins.
As a command (`python -m config.environment`, called by `make run`) it makes a secret key and
keeps it there, unless there is one.
"""

import ipaddress
import os
import re
import secrets
import sys
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import django
from django.conf import global_settings
from environs import Env, EnvError

T = TypeVar("T")

BASE_DIR = Path(__file__).resolve().parent.parent

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"  # a name in another script stands as "xn--…"
_HOST = rf"{_LABEL}(\.{_LABEL})*"
SITE_ADDRESS = re.compile(
    rf"https?://({_HOST}|\[[0-9a-f:.]*:[0-9a-f:.]*\])(:(?P<port>[0-9]{{1,5}}))?/?",
    re.ASCII | re.IGNORECASE,
)
# Of what an address may hold, the part that needs no quoting, in a link or in a message.
MAIL_ADDRESS = re.compile(
    rf"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@{_LABEL}(\.{_LABEL})+", re.ASCII | re.IGNORECASE
)
PAGE_ADDRESS = re.compile(
    rf"https://{_HOST}(:[0-9]{{1,5}})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?", re.ASCII
)


def refuse(message: str) -> NoReturn:
    """End the process with one line that says what to do."""
    sys.exit(f"Causes cannot start: {message}")


def open_environment() -> tuple[Env, Path]:
    """The environment and the folder for this machine's data (``DATA_DIR``)."""
    env = Env()
    data_dir = env.path("DATA_DIR", BASE_DIR / "var").absolute()
    kept = data_dir / "env"
    if kept.is_file():
        env.read_env(str(kept), recurse=False)
    return env, data_dir


def read(reader: Callable[..., T], name: str, *args: object, **kwargs: object) -> T:
    """``reader(name, …)``; a value that cannot be parsed stops the start."""
    try:
        return reader(name, *args, **kwargs)
    except (EnvError, ValueError) as error:
        refuse(str(error))


def _refuse_value(rule: str, value: str) -> NoReturn:
    refuse(f'{rule}, not "{ascii(value)[1:-1]}".')  # on one line, whatever the value holds


def site_url(value: str) -> str:
    """``https://host[:port]`` without a path; anything else stops the start."""
    address = SITE_ADDRESS.fullmatch(value)
    if not address or not 0 < int(address["port"] or 80) < 65536:
        _refuse_value('SITE_URL must look like "https://www.example.org"', value)
    return value.rstrip("/").lower()


def mail_address(value: str) -> str:
    """``name@example.org``, or "" for none; anything else stops the start."""
    if value and not MAIL_ADDRESS.fullmatch(value):
        _refuse_value('CONTACT_EMAIL must look like "name@example.org"', value)
    return value


def color(value: str) -> str:
    """``#rrggbb`` in lower case, or "" for none; anything else stops the start."""
    digits = value.removeprefix("#").lower()
    if value and not re.fullmatch("[0-9a-f]{6}", digits):
        _refuse_value('BRAND_COLOR must be six hexadecimal digits such as "#0f5c63"', value)
    return f"#{digits}" if value else ""


def one_of(name: str, choices: tuple[str, ...], value: str) -> str:
    """One of the words, in lower case; anything else stops the start."""
    word = value.strip().lower()
    if word not in choices:
        _refuse_value(f"{name} must be one of {', '.join(choices)}", value)
    return word


def mail_server(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings by which Django sends mail, from what `dj_email_url` read in EMAIL_URL."""
    backend = settings.get("EMAIL_BACKEND")
    is_smtp = backend == "django.core.mail.backends.smtp.EmailBackend"
    if not backend or (is_smtp and not settings["EMAIL_HOST"]):
        refuse('EMAIL_URL must look like "submission://user:password@mail.example.org".')
    settings["EMAIL_TIMEOUT"] = settings["EMAIL_TIMEOUT"] or 10  # an editor waits for it
    if django.VERSION < (6, 1):
        return settings
    names = {"EMAIL_HOST_USER": "username", "EMAIL_HOST_PASSWORD": "password"}
    options = {
        names.get(name, name.removeprefix("EMAIL_").lower()): value
        for name, value in settings.items()
        if name not in {"EMAIL_BACKEND", "EMAIL_FILE_PATH"} and value is not None
    }
    if backend.endswith("filebased.EmailBackend"):
        options = {"file_path": settings["EMAIL_FILE_PATH"]}
    elif not is_smtp:
        options = {}
    return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}


def language(value: str) -> str:
    """The code of a language that Django knows, in lower case; anything else stops the start."""
    code = value.lower()
    if code not in {"en-us", *dict(global_settings.LANGUAGES)}:
        _refuse_value('LANGUAGE_CODE must be the code of a language such as "en-gb"', value)
    return code


def time_zone(value: str) -> str:
    """An IANA time zone name; anything else stops the start."""
    if value not in zoneinfo.available_timezones():
        _refuse_value('TIME_ZONE must be a name such as "Europe/Paris"', value)
    return value


def address(name: str, value: str) -> tuple[str, int] | None:
    """``127.0.0.1:9100`` or ``[::1]:9100`` as (host, port), None for "" (none); anything else
    stops the start."""
    if not value:
        return None
    host, colon, port = value.rpartition(":")
    try:
        found = str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]")))
        if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(value)
    except ValueError:
        _refuse_value(f'{name} must be an address such as "127.0.0.1:9100"', value)
    return found, int(port)


def security_contact(value: str) -> str:
    """An address of RFC 9116 (``mailto:`` or ``https:``), or "" for none; a bare mail address
    counts as one. Anything else stops the start."""
    if MAIL_ADDRESS.fullmatch(value):
        return f"mailto:{value}"
    scheme, _, rest = value.partition(":")
    is_mail = scheme == "mailto" and MAIL_ADDRESS.fullmatch(rest)
    is_page = PAGE_ADDRESS.fullmatch(value)
    if value and not is_mail and not is_page:
        example = '"security@example.org" or "https://example.org/security"'
        _refuse_value(f"SECURITY_CONTACT must look like {example}", value)
    return value


def networks(values: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses (``127.0.0.1``) and networks (``10.0.0.0/8``); anything else stops the start."""
    found = []
    for value in values:
        try:
            found.append(ipaddress.ip_network(value.strip()))
        except ValueError:
            _refuse_value('TRUSTED_PROXIES must be addresses such as "127.0.0.1,10.0.0.0/8"', value)
    return found


def keep_a_secret_key() -> None:
    """Make DATA_DIR, and a SECRET_KEY in its ``env`` file unless one is set already."""
    env, data_dir = open_environment()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not os.access(data_dir, os.W_OK):
            raise PermissionError(13, "Permission denied")
        if not env.str("SECRET_KEY", ""):
            kept = data_dir / "env"
            kept.touch()
            kept.chmod(0o600)  # a person may have made it
            text = kept.read_text()
            new_line = "" if text.endswith("\n") or not text else "\n"
            with kept.open("a") as file:
                file.write(f"{new_line}SECRET_KEY={secrets.token_urlsafe(50)}\n")
    except OSError as error:
        refuse(f"cannot write in {data_dir} ({error.strerror}). Make it yours, or set DATA_DIR.")


if __name__ == "__main__":
    keep_a_secret_key()
