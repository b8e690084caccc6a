"""`manage.py serve`: the production server, in place of this process."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.allocator import ALLOCATOR

THREADS = 4
LOG_CONFIG = settings.BASE_DIR / "config" / "granian_logs.json"


class Command(BaseCommand):
    help = "Serves the site on HOST:PORT with WEB_WORKERS processes. Ctrl-C ends it."

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_busy_port(settings.HOST, settings.PORT)
        if settings.METRICS_ADDRESS:
            _refuse_busy_port(*settings.METRICS_ADDRESS)
        self.stdout.write(f"Serving {settings.SITE_URL} (Ctrl-C ends it)")
        self.stdout.flush()
        server = [
            *(sys.executable, "-m", "config.server", "--interface", "wsgi"),
            *("--host", settings.HOST, "--port", str(settings.PORT)),
            *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(THREADS)),
            # A signal that comes while a worker starts is lost: end it after 5 s all the same.
            *("--workers-kill-timeout", "5"),
            # A worker that was killed (by the kernel, for its memory) is replaced; without this,
            # the others would end with it.
            "--respawn-failed-workers",
            # One that is to be replaced (SIGHUP) goes on until the new one listens: as long as a
            # busy machine needs to start it.
            *("--respawn-interval", "10"),
            *("--log-level", "warning", "--log-config", str(LOG_CONFIG)),
            *("--factory", "config.wsgi:warm_application"),
        ]
        # Decided here, where it is known whether a person is looking, for all its processes.
        os.environ["LOG_FORMAT"] = settings.LOG_FORMAT
        for name, value in ALLOCATOR.items():
            os.environ.setdefault(name, value)
        os.execv(sys.executable, server)  # noqa: S606 - our own interpreter, our own arguments


def _refuse_busy_port(host: str, port: int) -> None:
    """The server's sockets may share a port, so a second server would start without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {error.strerror}. "
                "Choose another, such as `make run PORT=8001` (METRICS_ADDRESS for the numbers)."
            ) from error
