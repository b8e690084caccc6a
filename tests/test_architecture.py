"""How the code hangs together: import directions, and what may not exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted((ROOT / "causes").rglob("*.py")) + sorted((ROOT / "config").rglob("*.py"))
TOP_LEVEL = {
    *("manage.py", "README.md", "pyproject.toml", "Makefile", "CHANGELOG.md", "LICENSE"),
    *("requirements.txt", "requirements-dev.txt", "requirements-next.txt"),
    *("config", "causes", "templates", "fixtures", "tests", "deploy", "docs", "var"),
}
WORKING_COPY = {
    *("Page", "Symptom", "Category", "Condition", "Information", "Cause", "Section", "CareCard"),
    *("Citation", "AlternateName", "MedicalCode", "RelatedLink", "SourceStatement", "Source"),
    *("TaggedPage", "Revision", "Row", "SPECIFIC_MODELS"),
    *("SignOff", "ReviewLink", "Redaction", "Presence", "Reminder", "CheckedLink"),
}
VERBS = {"publishing.py", "editions.py", "acting.py", "reviewing.py", "redaction.py", "saving.py"}
# From the outside in: a part may import those after it, never those before it.
LAYERS = [
    "urls",
    "management",
    "monitoring",
    "backups",
    "admin",
    "apps",
    "people",
    "public",
    "editorial",
    "search",
    "models",
]


def imports(path: Path) -> list[tuple[str, str]]:
    """(module, name) for each import in the file; name is "" for a plain import."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
    return found


def layer(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "config":
        return "urls" if parts[-1] == "urls" else None
    return parts[1] if parts[0] == "causes" and len(parts) > 1 and parts[1] in LAYERS else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_imports_run_one_way(path):
    own = layer(module_of(path))
    for module, name in imports(path):
        other = layer(module) or layer(f"{module}.{name}")
        if own and other and own != other:
            assert LAYERS.index(own) < LAYERS.index(other), f"{module_of(path)} imports {module}"


def public_files() -> list[Path]:
    return [
        *sorted((ROOT / "causes/public").rglob("*.py")),
        ROOT / "causes/templatetags/reading.py",
    ]


@pytest.mark.parametrize("path", public_files(), ids=module_of)
def test_the_public_side_knows_neither_the_editorial_side_nor_the_working_copy(path):
    for module, name in imports(path):
        assert not module.startswith(("causes.editorial", "causes.admin"))
        if module.startswith("causes.models"):
            assert name not in WORKING_COPY, f"{module_of(path)} imports {name}"
            assert module in {"causes.models", "causes.models.compiled", "causes.models.fields"}


def test_pages_that_a_copy_holds_ask_our_clock_for_the_moment():
    """Django's goes on while a copy is made. Searches are in no copy."""
    for path in (ROOT / "causes/public").glob("*.py"):
        if path.name not in {"clock.py", "results.py", "search.py"}:
            text = path.read_text("utf-8")
            assert "timezone.now" not in text, path
            assert ".live()." not in text, path


@pytest.mark.parametrize("path", sorted((ROOT / "causes/search").glob("*.py")), ids=module_of)
def test_search_knows_live_editions_only(path):
    allowed = {"emergencies.py": {"CareCard"}}  # its levels
    for module, name in imports(path):
        if module.startswith("causes.models"):
            assert name not in WORKING_COPY - allowed.get(path.name, set()), f"{name} in {path}"
        elif module.startswith("causes"):
            assert module == "causes.search" or module.startswith("causes.search."), module


def test_only_search_knows_its_engine():
    for path in CODE:
        if path.parent.name != "search":
            assert not {module for module, _ in imports(path)} & {"tantivy", "rapidfuzz"}, path


def test_only_the_verbs_write_history():
    for path in CODE:
        if path.parent.name == "editorial" and path.name in VERBS:
            continue
        text = path.read_text("utf-8")
        for model in (
            *("Revision", "Edition", "EditionLink", "EditionName", "EditionPhrase", "Event"),
            *("Address", "ReviewLink", "SignOff", "Redaction"),
        ):
            for verb in ("create", "bulk_create", "get_or_create", "update_or_create"):
                assert f"{model}.objects.{verb}" not in text, f"{path} writes {model}"


def test_no_file_is_named_after_nothing():
    names = {path.stem for path in CODE} | {path.parent.name for path in CODE}
    assert not names & {"utils", "util", "helpers", "helper", "misc", "common", "services"}


def test_no_import_hides_in_a_function():
    """Except where a module says why (`ready()` runs when models are there; Django's own; a library
    that only PostgreSQL needs)."""
    allowed = {"causes/apps.py", "causes/public/pagecache/layer.py", "manage.py"}
    for path in CODE:
        if str(path.relative_to(ROOT)) in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner, f"{path}: {node.name}"


def test_the_top_level_is_the_design_cards():
    found = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")}
    assert found - TOP_LEVEL == set()
    assert found >= TOP_LEVEL - {"deploy", "docs", "var"}


def test_templates_hold_nothing_unsafe_or_inline():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        for forbidden in (
            "|safe",
            "autoescape off",
            " style=",
            "<style",
            " onclick=",
            "javascript:",
        ):
            assert forbidden not in text, f"{path}: {forbidden}"


def test_text_becomes_safe_html_in_one_module_only():
    allowed = {"richtext.py"}
    for path in CODE:
        if path.name not in allowed:
            assert "mark_safe" not in path.read_text("utf-8"), path


def test_every_module_says_what_it_owns():
    for path in CODE:
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and "migrations" not in path.parts:
            assert ast.get_docstring(tree), path
