"""Reads the settings' values from the environment, strictly: a bad one stops the start.

Values may also stand in ``DATA_DIR/env`` (``NAME=value`` lines); the environment itself wins.
As a command (`python -m config.environment`, called by `make run`) it makes a secret key and
keeps it there, unless there is one.
"""

import os
import secrets
import sys
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from environs import Env, EnvError

T = TypeVar("T")

BASE_DIR = Path(__file__).resolve().parent.parent


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


def site_url(value: str) -> str:
    """``https://host[:port]`` without a path; anything else stops the start."""
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, a bracket too few
        is_address = False
    if not is_address or "@" in parts.netloc or parts.path.strip("/") or parts.query:
        refuse(f'SITE_URL must look like "https://www.example.org", not "{value}".')
    return f"{parts.scheme}://{parts.netloc}"


def time_zone(value: str) -> str:
    """An IANA time zone name; anything else stops the start."""
    if value not in zoneinfo.available_timezones():
        refuse(f'TIME_ZONE must be a name such as "Europe/Paris", not "{value}".')
    return value


def keep_a_secret_key() -> None:
    """Make DATA_DIR, and a SECRET_KEY in its ``env`` file unless one is set already."""
    env, data_dir = open_environment()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not os.access(data_dir, os.W_OK):
            raise PermissionError(13, "Permission denied")
        if not env.str("SECRET_KEY", ""):
            kept = data_dir / "env"
            kept.touch(mode=0o600)
            with kept.open("a") as file:
                file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\n")
    except OSError as error:
        refuse(f"cannot write in {data_dir} ({error.strerror}). Make it yours, or set DATA_DIR.")


if __name__ == "__main__":
    keep_a_secret_key()
