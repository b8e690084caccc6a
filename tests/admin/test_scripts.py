"""The admin's own scripts are few, small, and modules that import nothing by name."""

import re

import brotli
from django.conf import settings

STATIC = settings.BASE_DIR / "causes/static/causes"
PUBLIC = {"search.js"}
SCRIPTS = sorted(path for path in STATIC.glob("*.js") if path.name not in PUBLIC)
MOST = 15_000  # bytes on the wire, all together


def test_the_scripts_of_the_admin_are_light():
    weights = {path.name: len(brotli.compress(path.read_bytes(), quality=5)) for path in SCRIPTS}
    assert len(weights) >= 8
    assert sum(weights.values()) <= MOST, weights


def test_no_script_imports_another_by_its_name_which_collecting_changes():
    for path in SCRIPTS:
        for source in re.findall(r"^import .* from \"([^\"]+)\"", path.read_text("utf-8"), re.M):
            assert source == "django-prose-editor/editor", path
