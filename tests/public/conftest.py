"""Fixtures of the public side: a small site that is live."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def small_site(make_symptom, make_category, make_condition, make_information, make_tag, published):
    """A symptom with two groups, three conditions with tags, and an information page: all live.

    The group "trapped" has sciatica and the disc, the group "flow" has the clot and the disc.
    """
    one_leg, both_legs = make_tag("one-leg"), make_tag("both-legs", order=2)
    sudden = make_tag("sudden", "onset")
    site = SimpleNamespace(
        one_leg=one_leg,
        both_legs=both_legs,
        sudden=sudden,
        symptom=make_symptom(summary="When a leg feels nothing."),
        sciatica=make_condition("sciatica", tags=(one_leg,)),
        disc=make_condition("disc", title="Herniated disc", tags=(one_leg, both_legs)),
        clot=make_condition("clot", title="Blood clot", tags=(one_leg, sudden)),
        privacy=make_information("privacy"),
    )
    site.trapped = make_category(
        site.symptom, "trapped", (site.sciatica, site.disc), title="Trapped nerves"
    )
    site.flow = make_category(
        site.symptom, "flow", (site.clot, site.disc), title="Poor circulation", order=2
    )
    site.pages = (
        *(site.symptom, site.trapped, site.flow),
        *(site.sciatica, site.disc, site.clot, site.privacy),
    )
    for page in site.pages:
        published(page)
    return site
