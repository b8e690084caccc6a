"""Run a command with a PostgreSQL of its own: ``python tests/with_postgres.py COMMAND…``

Makes a cluster in a temporary folder, on a free port of 127.0.0.1, with a random password;
gives COMMAND its address as ``DATABASE_URL``; ends with COMMAND's exit code. The cluster is
stopped and removed in every case. Installs Debian's package where that needs no question;
where there is no PostgreSQL, COMMAND is not run, a line says how to get it, and that is no error.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SKIPPED = (
    "PostgreSQL tests skipped: no PostgreSQL server found; run 'apt-get install postgresql'"
    " as root, or put its programs (initdb, pg_ctl) on PATH."
)
# Debian's package would make and start a cluster of the system's; that is not ours to ask for.
INSTALL = """
set -e
folder=/etc/postgresql-common/createcluster.d
mkdir -p $folder
trap "rm -f $folder/causes-tests.conf" EXIT
echo "create_main_cluster = false" > $folder/causes-tests.conf
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --no-install-recommends postgresql
"""
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
# Nothing here outlives the run, so nothing need reach the disk. TCP only: no socket, no long path.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "50",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}


def find_programs() -> Path | None:
    """The folder of ``initdb`` and its fellows: Debian's newest, ``pg_config``'s, or on PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))],
        reverse=True,
    )
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip() or "/nowhere"))
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    programs = ("initdb", "pg_ctl", "postgres")
    return next((f for f in folders if all(os.access(f / p, os.X_OK) for p in programs)), None)


def install_programs() -> None:
    """Install Debian's package if we are root or may become root without being asked."""
    sudo = "" if os.geteuid() == 0 else "sudo -n "
    allowed = ["sh", "-c", f"command -v apt-get && {sudo}true"]
    if subprocess.run(allowed, capture_output=True).returncode == 0:
        print("Installing Debian's postgresql …", flush=True)
        command = [*sudo.split(), "sh", "-c", INSTALL]
        said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if said.returncode:
            print(said.stdout + said.stderr, file=sys.stderr)


def server_identity() -> dict[str, object]:
    """Who the server runs as, for ``subprocess``: never root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    owner = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """The ``DATABASE_URL`` of a server that runs as long as the context."""
    folder = Path(tempfile.mkdtemp(prefix="causes-postgres-"))
    identity, password, data = server_identity(), secrets.token_urlsafe(), folder / "data"

    def run(program: str, *arguments: str | Path) -> bool:
        """Whether it went well; what it says is kept in the folder's ``log``."""
        command = [programs / program, "-D", data, *arguments]
        with (folder / "log").open("ab") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            settings = {"cwd": folder, "start_new_session": True, **streams, **identity}
            return subprocess.run(command, **settings).returncode == 0

    try:
        (folder / "password").write_text(password)
        for path in (folder, folder / "password"):
            os.chown(path, identity.get("user", -1), identity.get("group", -1))
        choices = ["--username=causes", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        ready = run("initdb", *choices, "--auth=scram-sha-256", "--pwfile", folder / "password")
        for _attempt in range(3 if ready else 0):  # another process may take the free port
            with socket.create_server(("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
            options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
            if run("pg_ctl", "start", "-w", "-o", f"-p {port} {options}", "-l", folder / "server"):
                yield f"postgres://causes:{password}@127.0.0.1:{port}/postgres"
                return
        said = [path.read_text() for name in ("log", "server") if (path := folder / name).exists()]
        sys.exit("PostgreSQL did not start:\n" + "".join(said))
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave it running
        run("pg_ctl", "stop", "-m", "immediate")
        while folder.exists():  # a program that was interrupted may still be writing
            shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    programs = find_programs()
    if programs is None:
        install_programs()
        programs = find_programs()
    if programs is None:
        print(SKIPPED)
        return 0

    for number in SIGNALS:
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    with cluster(programs) as url:
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
        try:
            return process.wait()
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)  # a Ctrl-C reaches it too: let it end by itself
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
