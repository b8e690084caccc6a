"""The site as newcomers get it: prepared in a folder of its own and served as in production."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"
ACCOUNTS = {"paula": "Publisher", "ada": "Author"}
MAKE_ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
for name, role in {ACCOUNTS!r}.items():
    person = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
"""
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment_of(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a site whose data lie in ``folder``."""
    key = "only-for-the-browser-" * 3
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "SECRET_KEY": key, **settings}


def manage(environment: dict[str, str], *arguments: str) -> str:
    """What one of the site's commands says. Raises RuntimeError where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=120, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


@contextmanager
def served(folder: Path, *, script: str = "", **settings: str) -> Iterator[str]:
    """The address of a site of its own, with ACCOUNTS, until the block ends.

    ``folder`` holds its data; ``script`` is Python that makes more of them; ``settings`` are
    environment variables beside those. Raises RuntimeError, with what the site said, if it does
    not start or logged a traceback.
    """
    port = free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    environment = environment_of(folder, PORT=str(port), **settings)
    manage(environment, "prepare")
    manage(environment, "shell", "-c", MAKE_ACCOUNTS + script)
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(f"{address}/healthz", server, log)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    if "Traceback" in (said := log.read_text()):
        raise RuntimeError(said)


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Until the server answers; it has 30 seconds."""
    for _attempt in range(300):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not start: {log.read_text()}")
