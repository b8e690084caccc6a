"""Fixtures of copies: a folder to export into, and what the command says."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from causes.public import brand_files
from causes.public.export import copies
from causes.public.export.copies import Copies
from causes.public.export.exporting import export as make_copy
from tests.public.export.copied import Said


@pytest.fixture(autouse=True)
def no_test_waits_for_the_disk(monkeypatch) -> None:
    """What other programs write to it has to be written first, which can take seconds."""
    monkeypatch.setattr(copies.os, "sync", lambda: None)


@pytest.fixture
def static_files(settings) -> None:
    """Static files as they lie in the tree stand for collected ones."""
    settings.STATIC_ROOT = brand_files.SHIPPED.parent


@pytest.fixture
def export(tmp_path: Path, static_files) -> Callable[..., Said]:
    """Runs `manage.py export` into ``tmp_path/site``, in this process."""

    def run(*options: str, into: Path | None = None) -> Said:
        output, problems = io.StringIO(), io.StringIO()
        arguments = ("export", str(into or tmp_path / "site"), "--jobs=1", *options)
        try:
            call_command(*arguments, stdout=output, stderr=problems)
        except CommandError as error:
            return Said(output.getvalue(), problems.getvalue(), str(error))
        return Said(output.getvalue(), problems.getvalue())

    return run


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture(scope="module")
def copy(standing_site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small site, made once for a module that only reads it."""
    folder = tmp_path_factory.mktemp("copy") / "site"
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={"staticfiles": storage}, STATIC_ROOT=brand_files.SHIPPED.parent
    ):
        report = make_copy(Copies(folder), jobs=1, progress=lambda known: None)
    assert report.dead == []
    return folder
