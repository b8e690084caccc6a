"""The container's steps without a container: its files alone, its settings alone, its commands.

Not tried here: the base image, and what RUN does (pip's lock is what this Python has). That was
done by hand, with Docker, as docs/operating.md says it.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.served import free_port
from tests.public.pagecache.test_drill import on_postgres

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = ROOT / "deploy" / "container"
WORDS = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with what it says, in order."""
    text = re.sub(r"^#.*\n", "", (CONTAINER / "Dockerfile").read_text(), flags=re.M)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line.strip()]


def said(instruction: str) -> list[str]:
    return [what for word, what in steps() if word == instruction]


def command(text: str) -> list[str]:
    return json.loads(text.partition("CMD ")[2] if "CMD " in text else text)


def test_the_file_says_what_we_understand_and_runs_as_nobody_who_may_change_the_code():
    assert {word for word, _ in steps()} == WORDS
    order = [word for word, _ in steps()]
    assert order[0] == "FROM"
    assert order.index("USER") > max(i for i, word in enumerate(order) if word in {"RUN", "COPY"})
    assert said("USER") == ["causes"]
    assert "--require-hashes -r requirements.txt" in " ".join(said("RUN"))


def test_no_file_names_a_registry():
    for file in CONTAINER.iterdir():
        images = re.findall(r"^(?:FROM|\s*image:) *(\S+)", file.read_text(), re.M)
        assert all("/" not in image for image in images), images
        assert "index-url" not in file.read_text()


def test_what_is_copied_is_what_is_sent_to_the_builder():
    sources = {what.split()[0] for what in said("COPY")}
    ignore = (CONTAINER / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignore
    assert {line[1:] for line in ignore if line.startswith("!")} == sources
    assert all((ROOT / source).exists() for source in sources)


def test_compose_names_files_that_are_there():
    text = (CONTAINER / "compose.yaml").read_text()
    mounted = re.findall(r"- (\.\S+?):/", text)
    assert mounted
    for name in [*mounted, *re.findall(r"(?:context|dockerfile): (\S+)", text)]:
        where = ROOT if name.startswith("deploy/") else CONTAINER
        assert (where / name).exists(), name


@pytest.mark.skipif(on_postgres, reason="makes an SQLite file of its own")
def test_the_site_starts_from_the_copied_files_and_the_images_settings_alone(tmp_path):
    code, data, programs = tmp_path / "code", tmp_path / "data", tmp_path / "bin"
    for folder in (code, data, programs):
        folder.mkdir()
    for what in said("COPY"):
        source, target = what.split()
        place = code / (source if target == "." else target)
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, place)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)
    environment = dict(pair.split("=", 1) for pair in shlex.split(" ".join(said("ENV"))))
    assert environment["DATA_DIR"] == said("VOLUME")[0]
    port = str(free_port())
    environment |= {"PATH": f"{programs}:/usr/bin:/bin", "DATA_DIR": str(data), "PORT": port}
    environment["HOST"] = "127.0.0.1"
    options = {"cwd": code, "env": environment}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            command(said("CMD")[0]), stdout=log, stderr=log, start_new_session=True, **options
        )
    try:
        healthy = command(said("HEALTHCHECK")[0])
        streams = {"stderr": subprocess.DEVNULL}
        for _attempt in range(240):
            if subprocess.run(healthy, **streams, **options).returncode == 0:
                break
            assert server.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.5)
        address = f"http://127.0.0.1:{port}/symptoms/leg-numbness/"
        with urllib.request.urlopen(address, timeout=30) as page:
            assert b"Leg numbness" in page.read()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    said_so = (tmp_path / "log").read_text()
    assert "First administrator: admin" in said_so
    assert "SECRET_KEY=" in (data / "env").read_text()
    assert (data / "causes.sqlite3").stat().st_mode & 0o077 == 0
    assert subprocess.run(healthy, **streams, **options).returncode != 0
