"""`load` runs the command on records."""

import io
import json

import pytest
from django.core.management import call_command


@pytest.fixture
def load(tmp_path):
    """Load these records; returns what the command said."""

    def run(records, *arguments, text: str | None = None) -> str:
        file, output = tmp_path / "page.json", io.StringIO()
        file.write_text(text or json.dumps(records))
        call_command("loaddata", str(file), *arguments, stdout=output)
        return output.getvalue()

    return run
