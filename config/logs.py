"""What is logged and how: one line (or one JSON object) each on stderr, and nothing private in it.

Only the fields named here are written: what else a record carries (Django's holds the whole
request, query and cookies) stays out. Secrets, tokens in addresses and readers' words are taken
out of every text, also out of tracebacks. Knows no settings: the server's parent process, which
has none, logs by it too.
"""

import json
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

LONGEST_PATH = 200
LONGEST_QUERY = 8000
HIDDEN = "[hidden]"
SHORTEST_SECRET = 6  # of shorter ones, masking would tear texts apart
SHORTEST_WORD = 3


# The WSGI environ of the request that this thread works for; None outside of any. Its id is in
# it, and its private parts are kept out of every log.
asked: ContextVar[dict[str, Any] | None] = ContextVar("asked", default=None)
ID = "causes.request_id"

# Beside Python's own: what the access log says of an answer, by `extra`.
FIELDS = ("method", "path", "status", "ms", "cached", "account")

_PRIVATE = (
    # Tokens that are permissions: guests' links, links to a new password and of invitations.
    (re.compile(r"(/review/)[^/\s?\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(/(?:reset|invite|invitation|confirm-email|login/code)(?:/key)?/)[\w.:-]{8,}"),
     rf"\1{HIDDEN}"),
    # What a reader asked for: after "?", or as a folder of an exported copy ("q=…").
    (re.compile(r"(?i)(/[^\s\"'<>?]*(?:\?|%3f))[^\s\"'<>]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<=/)([\w-]{1,40}(?:=|%3[dD]))[^/\n\"'<>]+"), rf"\1{HIDDEN}"),
    # Cookies and passwords by name, and the password of any address.
    (re.compile(r"(?i)\b((?:__host-|__secure-)?(?:sessionid|csrftoken|csrfmiddlewaretoken"
                r"|password|secret_key|token|authorization)[\"']?\s*[=:]\s*)"
                r"(?:basic |bearer )?[\"']?[^\s\"';,&]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(\w+://[^\s/:@]*:)[^\s@]+(@)"), rf"\1{HIDDEN}\2"),
)  # fmt: skip
_secrets: tuple[str, ...] = ()


def keep_out(secrets: Iterable[object]) -> None:
    """From now on these values are in no log, however they came into a text."""
    global _secrets
    found = {str(secret) for secret in secrets if len(str(secret or "")) >= SHORTEST_SECRET}
    spelled = found | {quote(secret, safe="") for secret in found} | {repr(s)[1:-1] for s in found}
    _secrets = tuple(sorted(spelled, key=len, reverse=True))


def password_of(address: str) -> str:
    """The password in an address such as DATABASE_URL; "" where there is none."""
    try:
        return unquote(urlsplit(address).password or "")
    except ValueError:
        return ""


def masked(text: str) -> str:
    """The text without secrets, tokens and readers' words."""
    for secret in _secrets:
        text = text.replace(secret, HIDDEN)
    if request := asked.get():
        for value in sorted(_private_parts(request), key=len, reverse=True):
            text = text.replace(value, HIDDEN)
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    return text


def _private_parts(environ: dict[str, Any]) -> set[str]:
    """What this reader asked for and by what they are known, in every spelling."""
    query = str(environ.get("QUERY_STRING", ""))[:LONGEST_QUERY]
    found = {value for _, value in parse_qsl(query, errors="replace")}
    found |= {part.partition("=")[2] for part in query.split("&")}
    for cookie in str(environ.get("HTTP_COOKIE", "")).split(";"):
        found.add(cookie.partition("=")[2].strip())
    found |= {word for text in list(found) for word in text.split()}
    found.add(str(environ.get("HTTP_AUTHORIZATION", "")).rpartition(" ")[2])
    found = {value for value in found if len(value) >= SHORTEST_WORD}
    return found | {repr(value)[1:-1] for value in found}


def shown_path(path: str) -> str:
    """The path of an address as a log may have it: short, printable, without what is private."""
    short = masked(path[:LONGEST_PATH].partition("?")[0])
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)


class _Lines(logging.Formatter):
    """What both forms share: UTC to the millisecond, and the texts of a record, masked."""

    converter = time.gmtime

    def moment(self, record: logging.LogRecord) -> str:
        return f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z"

    def trace(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security."):
            return ""  # the visitor's mistake, not ours: scanners would fill the disk with these
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return masked("\n".join(parts))


class JsonLines(_Lines):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if request := asked.get():
            line["request_id"] = request[ID]
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if trace := self.trace(record):
            line["exception"] = trace
        return json.dumps(line, ensure_ascii=False, default=str).translate(_LINE_ENDS)


# JSON may hold these as they are, but not every reader of lines agrees that they end none. A lone
# surrogate could not be written at all.
_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\x7f\x85\u2028\u2029"}
_LINE_ENDS |= {number: f"\\u{number:04x}" for number in range(0xD800, 0xE000)}


class TextLines(_Lines):
    """For people: a line, and below it, set in, what has more lines."""

    def format(self, record: logging.LogRecord) -> str:
        said = [f"{name}={record.__dict__[name]}" for name in FIELDS if name in record.__dict__]
        if request := asked.get():
            said.append(f"request={request[ID]}")
        head = [self.moment(record), record.levelname, f"{record.name}:"]
        text = " ".join([*head, masked(record.getMessage()), *said])
        if trace := self.trace(record):
            text += f"\n{trace}"
        text = "\n    ".join(text.splitlines())  # no words sent to us look like a line of ours
        return text.encode("utf-8", "backslashreplace").decode()


def log_everything() -> None:
    """What Python itself would print to stderr goes through the log: warnings, dying threads."""
    logging.captureWarnings(True)
    threading.excepthook = _thread_ended


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    name = ended.thread.name if ended.thread else "?"
    error = ended.exc_type, ended.exc_value, ended.exc_traceback
    logging.getLogger("causes.threads").error("The thread %s ended.", name, exc_info=error)


def formatter() -> logging.Formatter:
    """By LOG_FORMAT, which `manage.py serve` hands to the server's processes."""
    return TextLines() if os.environ.get("LOG_FORMAT", "").strip() == "text" else JsonLines()


def default_format(*, debug: bool) -> str:
    """Text where a person is looking."""
    return "text" if debug or (sys.stderr is not None and sys.stderr.isatty()) else "json"


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. ``form``: "json" or "text"."""
    lines = {"json": "config.logs.JsonLines", "text": "config.logs.TextLines"}[form]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": lines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own would mail the administrators, and write to the console by itself.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            # The access log has a line for every refusal; these would be a second one.
            "django.request": {"level": max(level, "ERROR", key=logging.getLevelName)},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "_granian": {
                "level": max(level, "WARNING", key=logging.getLevelName),
                "propagate": True,
            },
        },
    }
