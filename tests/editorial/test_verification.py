"""`verify` finds whatever was not done by the verbs."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import cancel, withdraw
from causes.editorial.verification import problems
from causes.models import (
    Address,
    Condition,
    Edition,
    EditionLink,
    EditionName,
    EditionPhrase,
    Event,
    Page,
    RelatedLink,
    Revision,
    Section,
    SignOff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(make_symptom, make_category, make_condition, published, publisher):
    """Pages with a past: published, changed, scheduled, cancelled, withdrawn, published again."""
    symptom, stroke, sciatica = make_symptom(), make_condition("stroke"), make_condition()
    RelatedLink.objects.create(page=sciatica, anchor="see", target=stroke)
    for page in (symptom, stroke, sciatica, make_category(symptom, conditions=(sciatica,))):
        published(page)
    for title in ("Sciatic pain", "Sciatica again"):
        Page.objects.filter(key="sciatica").update(title=title)
        published(Condition.objects.get(key="sciatica"))
    withdraw(stroke, actor=publisher, note="unsafe")
    published(stroke)
    Page.objects.filter(key="stroke").update(title="Stroke, revised")
    published(Condition.objects.get(key="stroke"), at=timezone.now() + timedelta(days=1))
    cancel(stroke, actor=FIXTURE)
    return sciatica


def test_what_the_verbs_did_is_in_order(site):
    assert list(problems()) == []


TAMPERING = {
    "a title behind the history": (
        lambda: Page.objects.filter(key="sciatica").update(title="Silent"),
        "sciatica: the working copy was changed after version 3",
    ),
    "a section behind the history": (
        lambda: Section.objects.filter(page__key="stroke").update(heading="Silent"),
        "stroke: the working copy was changed after version 2",
    ),
    "a page behind the history": (
        lambda: Condition.objects.create(key="new", slug="new", title="New"),
        "new: was never recorded",
    ),
    "a version's text": (
        lambda: Revision.objects.filter(page__key="sciatica", number=1).update(
            document={"title": "Forged"}
        ),
        "sciatica: version 1 does not match its digest",
    ),
    "an edition's text": (
        lambda: forge_body(title="Forged"),
        "sciatica: edition 1 does not match its digest",
    ),
    "an edition's title in lists": (
        lambda: Edition.objects.filter(key="sciatica", number=3).update(title="Listed"),
        "sciatica: edition 3 is listed under a title or summary that it does not have",
    ),
    "an address": (
        lambda: Address.objects.filter(path="/conditions/sciatica/").delete(),
        "sciatica: edition 3 stands at /conditions/sciatica/, which is not this page's",
    ),
    "a link": (
        lambda: EditionLink.objects.filter(edition__key="sciatica", edition__number=3).delete(),
        "sciatica: edition 3 does not have the links of its text",
    ),
    "a name": (
        lambda: EditionName.objects.filter(edition__key="stroke", edition__number=2).delete(),
        "stroke: edition 2 does not have the names of its text",
    ),
    "a card's phrase": (
        lambda: EditionPhrase.objects.create(
            edition=Edition.objects.get(key="stroke", number=2), card="emergency", phrase="slipped"
        ),
        "stroke: edition 2 does not have the phrases of its cards",
    ),
    "a withdrawal": (
        lambda: Event.objects.filter(verb="withdraw").delete(),
        "stroke: edition 1 ended without a withdrawal",
    ),
    "a version's state": (
        lambda: Revision.objects.filter(page__key="sciatica", number=1).update(state="draft"),
        "sciatica: version 1 was published and is called draft",
    ),
    "a version that was never published": (
        lambda: Revision.objects.filter(page__key="stroke", number=2).update(state="published"),
        "stroke: version 2 is called published and never was",
    ),
    "an archived page": (
        lambda: Page.objects.filter(key="sciatica").update(archived_at=timezone.now()),
        "sciatica: is archived, and patients see it or soon will",
    ),
    "an archive behind the history": (
        lambda: Page.objects.filter(key="sciatica").update(archived_at=timezone.now()),
        "sciatica: was archived, or taken out of the archive, without a record",
    ),
    "a sign-off of another text": (
        lambda: forge_sign_off(digest="0" * 64),
        "sciatica: what Dr No said of version 1 is about another text",
    ),
    "a guest's word under an account": (
        lambda: forge_sign_off(is_guest=True, by=User.objects.get(username="paul")),
        "sciatica: what Dr No said of version 1 is not recorded as what it is",
    ),
    "an end": (
        lambda: Edition.objects.filter(key="sciatica", number=3).update(live_until=timezone.now()),
        "sciatica: edition 3 ended without a withdrawal",
    ),
}


def forge_sign_off(**changes) -> None:
    revision = Revision.objects.get(page__key="sciatica", number=1)
    fields = {"digest": revision.digest, "verdict": "approved", "name": "Dr No", "role": "None"}
    SignOff.objects.create(revision=revision, **fields | changes)


def forge_body(**changes) -> None:
    edition = Edition.objects.get(key="sciatica", number=1)
    Edition.objects.filter(pk=edition.pk).update(body=edition.body | changes)


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found(site, what):
    tamper, expected = TAMPERING[what]
    tamper()
    assert any(problem.startswith(expected) for problem in problems()), list(problems())
