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
        command, cwd=ROOT, env=environment, timeout=300, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


class Site:
    """A site of its own with ACCOUNTS, as in production. It can be killed and started again.

    ``folder`` holds its data; ``settings`` are environment variables beside those.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        port = free_port()
        self.address, self.log = f"http://127.0.0.1:{port}", folder / "log"
        self.environment = environment_of(folder, PORT=str(port), **settings)

    def prepare(self, script: str = "") -> None:
        """``script`` is Python that makes more data."""
        manage(self.environment, "prepare")
        manage(self.environment, "shell", "-c", MAKE_ACCOUNTS + script)

    def start(self) -> None:
        with self.log.open("a") as output:
            self.server = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        _wait_for(f"{self.address}/healthz", self.server, self.log)

    def stop(self) -> None:
        """Raises RuntimeError, with what the site said, if it logged a traceback."""
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=30)
        if "Traceback" in (said := self.log.read_text()):
            raise RuntimeError(said)

    def kill(self) -> None:
        """`kill -9` of the server and its workers."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(timeout=30)


@contextmanager
def served(folder: Path, *, script: str = "", **settings: str) -> Iterator[str]:
    """The address of a `Site` until the block ends."""
    site = Site(folder, **settings)
    site.prepare(script)
    try:
        site.start()
        yield site.address
    finally:
        site.stop()


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
