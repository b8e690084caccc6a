"""The shipped units, read by systemd itself: no warning, few rights, commands that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in SHIPPED.glob("*.service"))
JOBS = [name.removesuffix(".service") for name in SERVICES if name != "causes-web.service"]
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze: Debian's systemd")
# Keys that systemd knows in the sections that we use; `systemd-analyze verify` knows them better.
LINE = re.compile(r"(#.*|\[\w+\]|[A-Z][A-Za-z]+=.*|)")
MOST_EXPOSED = 1.5  # of 10, as `systemd-analyze security` counts


def command_of(service: str) -> str:
    return re.search(r"^ExecStart=(.*)$", (SHIPPED / service).read_text(), re.M)[1]


@pytest.fixture
def installed(tmp_path) -> Path:
    """The units with the program that they start where it is on this machine."""
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.rglob("*.*"):
        if unit.is_file():
            unit.write_text(unit.read_text().replace("/opt/causes", str(ROOT)))
    return tmp_path


@needs_systemd
def test_systemd_has_nothing_to_say_against_the_units(installed):
    units = sorted(map(str, [*installed.glob("*.service"), *installed.glob("*.timer")]))
    done = subprocess.run([ANALYZE, "verify", *units], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "causes-" in line]
    assert (done.returncode, complaints) == (0, [])


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_do_little(installed, service):
    done = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--no-pager", installed / service],
        capture_output=True,
        text=True,
    )
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure, done.stdout + done.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_every_line_is_one_of_a_unit():
    for unit in SHIPPED.rglob("*"):
        for line in unit.read_text().splitlines() if unit.is_file() else ():
            assert LINE.fullmatch(line), f"{unit.name}: {line}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_a_command_of_the_site_that_takes_its_options(service):
    program, script, name, *options = command_of(service).split()
    assert program == "/opt/causes/.venv/bin/python"
    assert script == "manage.py"
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(options)


@pytest.mark.parametrize("job", JOBS)
def test_a_job_has_a_timer_and_only_then(job):
    timer = (SHIPPED / f"{job}.timer").read_text()
    assert "Persistent=yes" in timer  # what was missed while the machine was off is done then
    assert "WantedBy=timers.target" in timer
    assert "Type=oneshot" in (SHIPPED / f"{job}.service").read_text()


def test_every_timer_has_its_job():
    assert sorted(path.stem for path in SHIPPED.glob("*.timer")) == JOBS


@needs_systemd
@pytest.mark.parametrize("job", JOBS)
def test_systemd_understands_when_a_job_is_due(job):
    when = re.search(r"^OnCalendar=(.*)$", (SHIPPED / f"{job}.timer").read_text(), re.M)[1]
    done = subprocess.run([ANALYZE, "calendar", when], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
