"""Servers to measure: started on free ports, asked with wrk, their processor time read in /proc."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import nan
from pathlib import Path

from config.allocator import ALLOCATOR

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS, CONNECTIONS = 2, 4, 32
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS = int(os.environ.get("SECONDS") or 5)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
SITE = "config.wsgi:warm_application"
UNCACHED = {"PAGE_CACHE_MB": "0"}
# What a page costs is measured as it comes; to pack it for each reader costs what packing costs.
PACKED, PLAIN = "br, gzip", "identity"
NGINX = """
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types; access_log off; sendfile on; open_file_cache max=1000;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{ listen 127.0.0.1:{port}; root {root}; gzip_static on; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server and the moment it was started."""

    process: subprocess.Popen
    address: str
    started: float

    def tree(self) -> list[int]:
        """The ids of its processes, itself first."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, task.read_text().split())
        return found

    def processor_time(self) -> float:
        """Seconds that its processes have used so far."""
        ticks = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def memory_of_workers(self) -> list[float]:
        """Megabytes that each worker holds: its own, and its part of what several share (PSS)."""
        told = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.tree()[1:])
        return [int(re.search(r"^Pss: +(\d+) kB", text, re.M)[1]) * 1024 / 1e6 for text in told]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a site whose data lie in ``folder``."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-measuring-" * 3,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **ALLOCATOR,
        "ACCESS_LOG": "none",  # it would write of slow answers among the tables
        **more,
    }


def manage(folder: Path, *arguments: str, **more: str) -> str:
    """What a command of the site says; if it fails, the benchmark ends with its complaint."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=settings_of(folder, **more),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def cost_of(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds of processor time that a command of the site takes, its processes included, and the
    most memory (MB) that one of them held."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", *arguments]
    nothing = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=settings_of(folder), **nothing)
    said = process.stderr.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}: {said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, used.ru_maxrss * 1024 / 1e6


@contextmanager
def granian(
    application: str, folder: Path, *, workers: int = WORKERS, **more: str
) -> Iterator[Server]:
    """As `manage.py serve` runs it, whatever the application."""
    port = free_port()
    is_site = application.startswith("config.")
    command = [
        *(sys.executable, "-m", "config.server" if is_site else "granian"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS)),
        *("--workers-kill-timeout", "5", "--log-level", "warning"),
        *(["--factory"] if is_site else []),
        application,
    ]
    environment = settings_of(folder, SITE_URL=f"http://127.0.0.1:{port}", **more)
    with _running(command, environment, port) as server:
        yield server


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[Server]:
    """Plain files with their .gz beside them. Debian's nginx has no brotli."""
    port, config = free_port(), folder / "nginx.conf"
    config.write_text(NGINX.format(workers=WORKERS, folder=folder, port=port, root=root))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with _running([program, "-c", str(config)], dict(os.environ), port) as server:
        yield server


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[Server]:
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield Server(process, f"http://127.0.0.1:{port}", started)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"A server did not start: {process.args}")


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server
        return answer.read()


@dataclass(frozen=True)
class Load:
    """What a server did under load: per second, milliseconds, microseconds of processor time."""

    requests_a_second: float
    p50: float
    p99: float
    processor_time: float
    errors: int


def load(server: Server, path: str, *, seconds: int, encoding: str = "br, gzip") -> Load:
    """Ask for one page with CONNECTIONS at once. Without an answer all figures are NaN."""
    _rest(server)
    before = server.processor_time()
    command = [
        *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "20s"),
        *("-H", f"Accept-Encoding: {encoding}", f"{server.address}{path}"),
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = server.processor_time() - before
    count = int(re.search(r"(\d+) requests in", said)[1])
    if not count:
        return Load(0, nan, nan, nan, 0)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        float(re.search(r"Requests/sec: +([\d.]+)", said)[1]),
        _milliseconds(re.search(r"50% +([\d.]+)(\w+)", said)),
        _milliseconds(re.search(r"99% +([\d.]+)(\w+)", said)),
        used / count * 1e6,
        int(errors[1]) if errors else 0,
    )


def _rest(server: Server) -> None:
    """Until the server has done what the load before left behind; it has 20 seconds."""
    used = -1.0
    for _ in range(100):
        if used == (used := server.processor_time()):
            return
        time.sleep(0.2)


def _milliseconds(found: re.Match[str]) -> float:
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]
