"""The internal address (METRICS_ADDRESS): `/metrics`, and `/readyz` with its reasons.

An address of its own, never the public one: a proxy on the same machine is as near as a scraper,
so no rule about who asks could tell them apart. The server's processes take turns: whichever
finds the port free listens, and speaks for all. Before that, each writes its numbers.
"""

import logging
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST

from causes.monitoring import remounted
from causes.monitoring.metrics import exposition
from causes.monitoring.probes import State, report, worst
from causes.monitoring.processes import Reporting
from causes.monitoring.views import as_text

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks at the numbers


class Asked(BaseHTTPRequestHandler):
    """GET only; whoever is slow is let go."""

    timeout = 5
    server_version, sys_version = "causes", ""

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._answer(200, CONTENT_TYPE_LATEST, exposition())
        elif self.path == "/readyz":
            probes = report()
            status = 503 if worst(probes) is State.FAIL else 200
            self._answer(status, "text/plain; charset=utf-8", as_text(probes).encode())
        else:
            self._answer(404, "text/plain; charset=utf-8", b"/metrics, /readyz\n")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A scrape every few seconds is no news."""


class InternalServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True  # of connections that are ending, never of a port in use

    def __init__(self, address: tuple[str, int]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Asked)


def begin() -> None:
    """From now on, in the background: report this process's numbers, and listen when it may.

    And look whether the disk has been read-only (`remounted`).
    """
    threading.Thread(target=_work, name="numbers", daemon=True).start()
    remounted.begin()


def _work() -> None:
    reporting = server = None
    has_complained = False
    while True:
        try:
            reporting = reporting or Reporting()
            reporting.write()
            has_complained = False
        except OSError as error:
            if not has_complained:
                logger.warning("This process cannot write its numbers: %s", error)
            has_complained = True
        if server is None and settings.METRICS_ADDRESS:
            with suppress(OSError):  # another process has it
                server = InternalServer(settings.METRICS_ADDRESS)
                threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        time.sleep(PAUSE)
