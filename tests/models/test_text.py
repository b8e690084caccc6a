"""Text as it is kept: put right where that is harmless, refused by name where it hides."""

import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError

from causes.editorial.acting import NotPossible
from causes.editorial.documents import digest, document
from causes.editorial.publishing import record
from causes.editorial.quality import Context, findings
from causes.editorial.similar_tags import near_duplicates
from causes.editorial.tagging import rename_tag
from causes.models import (
    SPECIFIC_MODELS,
    AlternateName,
    CareCard,
    Cause,
    Citation,
    MedicalCode,
    Page,
    Section,
    Source,
    SourceStatement,
    Tag,
    TagAlias,
)
from causes.models.fields import LinesField, RichTextField, clean_rich_text
from causes.models.text import (
    address_of,
    look_alike,
    mixed_word,
    refuse_odd_address,
    refuse_unseen,
    tidy,
    unseen,
    without_unseen,
)

HIDDEN = {
    "\u202e": "invisible character U+202E (right-to-left override)",
    "\u2066": "invisible character U+2066 (left-to-right isolate)",
    "\u200f": "invisible character U+200F (right-to-left mark)",
    "\u061c": "invisible character U+061C (arabic letter mark)",
    "\u200b": "invisible character U+200B (zero width space)",
    "\u200d": "invisible character U+200D (zero width joiner)",
    "\u2060": "invisible character U+2060 (word joiner)",
    "\ufeff": "invisible character U+FEFF (zero width no-break space)",
    "\u00ad": "invisible character U+00AD (soft hyphen)",
    "\u034f": "invisible character U+034F (combining grapheme joiner)",
    "\u3164": "invisible character U+3164 (hangul filler)",
    "\u2800": "invisible character U+2800 (braille pattern blank)",
    "\ufe0f": "invisible character U+FE0F (variation selector-16)",
    "\U000e0041": "invisible character U+E0041 (tag latin capital letter a)",
    "\U000e0101": "invisible character U+E0101 (variation selector-18)",
    "\U0001d173": "invisible character U+1D173 (musical symbol begin beam)",
    "\0": "control character U+0000",
    "\x08": "control character U+0008",
    "\x1b": "control character U+001B",
    "\x9f": "control character U+009F",
    "\ue000": "private character U+E000, which only some fonts know",
    "\U0010fffd": "private character U+10FFFD, which only some fonts know",
    "\ud83d": "half of a character U+D83D",
    "\uffff": "invisible character U+FFFF",
    "\ufdd0": "invisible character U+FDD0",
}
SEEN = [
    "Café, Größe, 50 % of 1.5 µg",
    "👩‍⚕️ ❤️ 1️⃣ ☎️ 👍🏽",
    "می‌خواهم",  # Persian writes with a non-joiner
    "क्‍ष",  # and Devanagari with a joiner
    "ΑΒΓ абв שלום 日本語 ไทย",
    "β-blocker, α₁, ≥ 3 × 2",
]


def code_point(text: str) -> str:
    return f"U+{ord(text):04X}"


@pytest.mark.parametrize(("character", "name"), HIDDEN.items(), ids=map(code_point, HIDDEN))
def test_what_nobody_sees_is_refused_by_name(character, name):
    with pytest.raises(ValidationError) as refusal:
        refuse_unseen(f"The left leg{character} is numb")
    assert refusal.value.messages == [f"Remove the {name} after “The left leg”."]
    with pytest.raises(ValidationError, match="at the beginning"):
        refuse_unseen(f"{character}leg")


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_what_letters_and_emoji_need_stays(text):
    refuse_unseen(tidy(text))
    assert tidy(text) == unicodedata.normalize("NFC", text)
    assert without_unseen(text) == text


def test_every_character_without_a_shape_is_a_space_or_refused():
    """All of Unicode that this Python knows, but for letters that are to come (Cn)."""
    for code in range(sys.maxunicode + 1):
        kind = unicodedata.category(character := chr(code))
        if kind in {"Cf", "Co", "Cs"}:
            name = unicodedata.name(character, "")
            is_sign = name.startswith(("ARABIC", "SYRIAC")) and "LETTER MARK" not in name
            is_seen = is_sign and kind == "Cf" and not list(unseen(character))
            assert is_seen or list(unseen(f"a{character}a")) == [1], code_point(character)
        elif kind in {"Zs", "Zl", "Zp"}:
            assert tidy(f"a{character}a") == "a a", code_point(character)
        elif kind == "Cc":
            kept = tidy(f"a{character}a")
            assert kept == "a a" or list(unseen(kept)) == [1], code_point(character)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cafe\u0301", "caf\u00e9"),
        ("a\u00a0b\u2009c\u3000d\u202fe", "a b c d e"),
        ("  a \t b\u2028c\r\nd  ", "a b c d"),
        ("\u212b", "\u00c5"),
    ],
    ids=ascii,
)
def test_what_is_harmless_is_put_right(typed, kept):
    assert tidy(typed) == kept
    assert tidy(kept) == kept


def test_a_text_of_several_lines_keeps_them():
    assert tidy("a\r\nb\rc\u2028d\n  e\u00a0f", lines=True) == "a\nb\nc\nd\n  e f"


@pytest.mark.parametrize(
    ("slug", "proposed"),
    [
        ("Leg-Numbness", "“leg-numbness”"),
        ("leg-numbness-", "“leg-numbness”"),
        ("-leg", "“leg”"),
        ("leg--numbness", "“leg-numbness”"),
        ("leg_numbness", "“leg-numbness”"),
        ("--", "between them."),
    ],
)
def test_an_address_has_one_spelling(slug, proposed):
    with pytest.raises(ValidationError, match="Write the address in small letters") as refusal:
        refuse_odd_address(slug)
    assert proposed in refusal.value.messages[0]


@pytest.mark.parametrize("words", ["A_ b", "_a-_b_", "-É à la--carte-", "İstanbul", "痺れ"])
def test_an_address_that_is_made_of_words_is_never_refused(words):
    refuse_odd_address(address_of(words))


def test_texts_that_look_alike_are_found():
    latin, cyrillic = "Sciatica", "S\u0441i\u0430ti\u0441a"
    assert latin != cyrillic
    assert look_alike(latin) == look_alike(cyrillic) == look_alike("\u200bsciatica ")
    assert mixed_word(f"The word {cyrillic} here") == cyrillic
    assert mixed_word("β-blocker µg Größe Москва naïve") == ""


# --- In every text field of the working copy ---------------------------------------------

WORKING_COPY = [
    *(Page, *SPECIFIC_MODELS.values(), AlternateName, CareCard, Section, SourceStatement),
    *(MedicalCode, Citation, Cause, Source, Tag, TagAlias),
]
TEXT_FIELDS = [
    (model, field)
    for model in WORKING_COPY
    for field in model._meta.get_fields()
    if isinstance(field, (LinesField, RichTextField))
    or field.__class__.__name__ in {"CharField", "TextField", "SlugField", "URLField"}
]


@pytest.mark.parametrize(
    ("model", "field"), TEXT_FIELDS, ids=[f"{m.__name__}.{f.name}" for m, f in TEXT_FIELDS]
)
def test_no_text_field_of_the_working_copy_takes_what_nobody_sees(model, field):
    others = {other.name for other in model._meta.get_fields()} - {field.name}
    hidden = "<p>a\u202eb</p>" if isinstance(field, RichTextField) else "a\u202eb"
    value = [hidden] if isinstance(field, LinesField) else hidden
    record = model(**{field.name: value})
    if isinstance(field, RichTextField):
        record.clean_fields(exclude=others)
        assert getattr(record, field.name) == "<p>ab</p>"
        return
    with pytest.raises(ValidationError) as refusal:
        record.clean_fields(exclude=others)
    assert refusal.value.message_dict[field.name] == [
        "Remove the invisible character U+202E (right-to-left override) after “a”."
    ]


def test_a_line_of_a_card_and_a_name_are_put_right():
    card = CareCard(items=["a\u00a0 b", "cafe\u0301"], phrases=["x\ty"])
    card.clean_fields(exclude={"page", "anchor", "level"})
    assert (card.items, card.phrases) == (["a b", "caf\u00e9"], ["x y"])


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<p>num\u00adb\u200bness\ufeff</p>", "<p>numbness</p>"),
        ("<p>&#8238;gel&#x202c; &#x200B;</p>", "<p>gel </p>"),
        ("<p>cafe\u0301 a\u0301</p>", "<p>caf\u00e9 \u00e1</p>"),
        # Composed as one text, the mark would eat the end of the tag.
        ("<p>\u0338a</p>", "<p>\u0338a</p>"),
        ("<p>a \ud83d\x07b</p>", "<p>a b</p>"),
        ("<p>\u200b\u2060</p>", ""),
        ('<p><a href="https://nih.gov/\u200bx">a</a></p>', None),
        ('<p><a href="java\u200bscript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="java&#x200b;script:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ("<p>می‌خواهم 👩‍⚕️</p>",) * 2,
    ],
    ids=ascii,
)
def test_what_a_paste_brings_into_rich_text_is_taken_out(pasted, kept):
    cleaned = clean_rich_text(pasted)
    assert cleaned == clean_rich_text(cleaned)
    assert not list(unseen(cleaned))
    if kept is not None:
        assert cleaned == kept


# --- By other doors ----------------------------------------------------------------------


def test_a_tag_is_not_renamed_to_what_nobody_sees(make_tag, publisher):
    tag = make_tag("toes")
    for name, slug in (("Fo\u200bot", ""), ("Feet", "FEET-"), ("Feet", "my_feet")):
        with pytest.raises(NotPossible, match=r"Remove the|Write the address"):
            rename_tag(tag, actor=publisher, name=name, slug=slug)
    assert Tag.objects.get(pk=tag.pk).name == "Toes"
    renamed = rename_tag(tag, actor=publisher, name="Cafe\u0301_\u00a0foot")
    assert (renamed.name, renamed.slug) == ("Caf\u00e9_ foot", "cafe-foot")


def test_tags_that_look_alike_are_near_duplicates(make_tag):
    first, second = make_tag("foot", name="Foot"), make_tag("f-t", name="F\u043e\u043et")
    assert [(p.first, p.second) for p in near_duplicates([(first, []), (second, [])])] == [
        (first, second)
    ]


def test_findings_name_what_old_versions_hide_and_titles_that_look_alike(make_condition, author):
    other = make_condition("sciatica", title="S\u0441iati\u0441a")
    page = make_condition("nerve", title="Sciatica")
    AlternateName.objects.create(page=page, anchor="n", name="le\u202eg")
    Section.objects.filter(page=page).update(body="<p>num\u200bb</p>")
    record(other, actor=author)
    revision = record(page, actor=author)
    said = {finding.text for finding in findings(revision.document, Context())}
    assert (
        "Take out the invisible character U+202E (right-to-left override): nobody sees it." in said
    )
    assert any("U+200B (zero width space)" in text for text in said)
    assert revision.hints > len(said)  # the title of the other page is known then
    mixed = {f.text for f in findings(document(other), Context())}
    assert any(text.startswith("Write “S\u0441iati\u0441a” anew") for text in mixed)


def test_shipped_texts_are_as_they_are_kept(shipped):
    """Loaded, cleaned again and saved they say the same: nothing of them is put right."""
    for page in Page.objects.all():
        before = digest(document(page))
        for stored in (page, page.specific(), *_rows(page)):
            stored.clean_fields()
            stored.save()
        assert digest(document(page)) == before, page.key
    for stored in (*Source.objects.all(), *Tag.objects.all(), *TagAlias.objects.all()):
        stored.clean_fields()


def _rows(page):
    for name in ("alternatenames", "carecards", "sections", "sourcestatements", "medicalcodes"):
        yield from getattr(page, name).all()
