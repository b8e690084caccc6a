"""Attacks in stored text, written behind every form: a copy shows them as text, also on paper.

What is printed is these files: paper has a style of its own and no other page.
"""

import pytest

from causes.search import catching_up
from causes.search.kept import forget_all
from tests.attacks import ATTACKS, assert_harmless, shape, storable
from tests.public.export.copied import files_in
from tests.public.test_attacks import HARMLESS, write


def pages(export, folder) -> dict[str, str]:
    # What is kept for a content version knows nothing of what is written behind the verbs.
    forget_all()
    catching_up.forget()
    said = export(into=folder)
    assert not said.error
    return {name: (folder / name).read_text("utf-8") for name in files_in(folder, "*.html")}


@pytest.mark.parametrize("number", range(0, len(ATTACKS), len(ATTACKS) // 5))
def test_a_copy_shows_an_attack_as_text(small_site, export, tmp_path, number):
    write(HARMLESS)
    plain = pages(export, tmp_path / "plain")
    allowed = set().union(*map(shape, plain.values()))
    attack = storable(ATTACKS[number])
    write(attack)
    attacked = pages(export, tmp_path / "attacked")
    assert attacked.keys() == plain.keys()
    assert any(attacked[name] != plain[name] for name in plain)
    for html in attacked.values():
        assert_harmless(html, allowed)
        assert "@media print" not in html
