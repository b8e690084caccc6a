"""nginx with the shipped site file, as an operator would install it, in a folder of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.browser.served import free_port
from tests.environment import nginx

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy" / "nginx"
MAIN = """
{user}
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {site};
}}
"""


class Front:
    """nginx before app servers on ``ports``. What is the operator's to change is changed.

    ``data`` stands for /var/lib/causes; its logs and kept pages lie in ``folder``. ``crowd``: the
    many readers of a test come from one address, so that the limit of an address is no obstacle.
    """

    def __init__(
        self,
        folder: Path,
        ports: list[int],
        data: Path,
        *,
        site: str = "causes.conf",
        crowd: bool = False,
    ):
        folder.mkdir(exist_ok=True)
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
        file = folder / site
        text = file.read_text()
        for shipped, ours in {
            "/var/lib/causes": data,
            "/var/log/nginx": folder,
            "/var/cache/nginx/causes": folder / "kept",
        }.items():
            text = text.replace(shipped, str(ours))
        if crowd:
            assert "rate=50r/s" in text
            text = text.replace("rate=50r/s", "rate=50000r/s")
        file.write_text(text)
        assert "/var/" not in text.replace(str(folder), "").replace(str(data), "")
        self.set_site(f"server_name localhost; listen 127.0.0.1:{self.port};")
        servers = [f"server 127.0.0.1:{port} max_fails=3 fail_timeout=5s;" for port in ports]
        (folder / "causes/app_servers.conf").write_text("\n".join(servers))
        # pytest's folders are nobody else's to read, and root's nginx has workers of another user.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(user=user, folder=folder, site=file))

    def set_site(self, lines: str) -> None:
        """Other names, addresses and certificates than the shipped ones."""
        (self.folder / "causes/site.conf").write_text(lines)

    @property
    def command(self) -> list[str]:
        program = nginx()
        assert program, "no nginx: `make test` unpacks Debian's"
        return [program, "-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]

    @property
    def log(self) -> str:
        """What was asked, as the shipped format writes it."""
        return (self.folder / "causes.log").read_text()

    def check(self) -> str:
        """What nginx says of its configuration: nothing but that it is good."""
        done = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self) -> None:
        with (self.folder / "said").open("w") as said:
            self.process = subprocess.Popen(self.command, stdout=said, stderr=said)
        for _attempt in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            assert self.process.poll() is None, (self.folder / "said").read_text()
            time.sleep(0.02)
        raise RuntimeError("nginx does not listen.")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def __enter__(self) -> "Front":
        self.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.stop()
