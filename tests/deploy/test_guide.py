"""What docs/operating.md tells people to type: each command, option, file and setting is there.

Those that change a machine were run by hand, as written.
"""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.environment import OPERATORS_SETTINGS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operating.md").read_text()
FENCED = re.compile(r"```(\w+)\n(.*?)```", re.S)
# Where the guide installs what is in the project.
PLACES = {
    "/opt/causes/": "",
    "/etc/nginx/causes": "deploy/nginx/causes",
    "/etc/nginx/sites-enabled/causes.conf": "deploy/nginx/causes.conf",
}
MADE_BY_OTHERS = (".venv/", "/etc/nginx/nginx.conf", "sites-enabled/default")
SETTINGS = {*OPERATORS_SETTINGS, "DATABASE_URL"}


def lines(language: str) -> list[str]:
    return [
        line
        for kind, block in FENCED.findall(GUIDE)
        if kind == language
        for line in block.splitlines()
        if line.strip()
    ]


def site_commands() -> list[str]:
    """`causes …` and `… manage.py …`, as what comes after them."""
    found = []
    for line in lines("sh"):
        if match := re.search(r"(?:^causes|manage\.py) (.*)$", line):
            found.append(match[1])
    found += re.findall(r"`causes ([^`…]+)`", GUIDE)
    return sorted(set(found))


@pytest.mark.parametrize("command", site_commands())
def test_a_command_exists_and_takes_these_options(command):
    name, *options = shlex.split(command)
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    if options == ["--help"]:
        return
    parser.parse_args(options)  # ends the test with argparse's own words


def test_the_guide_has_commands():
    assert len(site_commands()) > 10


def test_every_file_that_the_guide_names_is_there():
    named = set(re.findall(r"(?<![\w/])(?:/opt/causes|/etc/nginx)/[\w./-]+", GUIDE))
    named |= set(re.findall(r"\b(?:deploy|tests|docs)/[\w./-]+\w", GUIDE))
    named |= {f"docs/{link}" for link in re.findall(r"\]\(([^)#]+)\)", GUIDE)}
    missing = []
    for path in sorted(named):
        if any(part in path for part in MADE_BY_OTHERS):
            continue
        for place, ours in PLACES.items():
            path = path.replace(place, ours) if path.startswith(place) else path
        if not (ROOT / path).exists():
            missing.append(path)
    assert missing == []


def test_every_unit_that_the_guide_names_is_shipped_and_none_is_forgotten():
    named = set(re.findall(r"\bcauses-\w+\.(?:service|timer)", GUIDE))
    shipped = {path.name for path in (ROOT / "deploy/systemd").glob("causes-*.*") if path.is_file()}
    assert named <= shipped
    enabled = {path.name for path in (ROOT / "deploy/systemd").glob("*.timer")}
    assert enabled | {"causes-web.service"} <= named


def test_every_setting_that_the_guide_sets_exists():
    names = {line.partition("=")[0] for line in lines("ini")}
    assert names
    assert names <= SETTINGS


def test_the_last_migration_of_the_table_is_the_one_that_the_guide_names():
    [named] = re.findall(r"^causes migrate causes (\w+)$", GUIDE, re.M)
    assert (ROOT / f"causes/migrations/{named}.py").exists()


def test_every_migration_has_a_line_on_the_way_back():
    rows = re.findall(r"^\| ([\d, ]+) \| ", GUIDE, re.M)
    told = {number for row in rows for number in row.split(", ")}
    there = {path.name[:4] for path in (ROOT / "causes/migrations").glob("[0-9]*.py")}
    assert there <= told, f"tell in docs/operating.md how to undo {sorted(there - told)}"
