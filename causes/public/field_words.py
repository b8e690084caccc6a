"""What the fields of pages and rows are called in plain words, and how their values read."""

from collections.abc import Mapping
from typing import Any

from causes.public.dates import in_words
from causes.public.word_changes import Text, blocks_of_html, blocks_of_lines, blocks_of_text

# What the fields are called, in the order of a page. A field that is not named here comes last,
# under its own name.
FIELDS = {
    "title": "Title",
    "in_sentence": "Name within a sentence",
    "slug": "Last part of the address",
    "summary": "Summary",
    "lead": "First sentences",
    "original": "Translation of",
    "language": "Language",
    "symptom": "Symptom",
    "order": "Place in lists",
    "status": "Checked",
    "reviewed_by": "Reviewer",
    "reviewed_on": "Date of review",
    "review_interval": "Months between reviews",
    "owner": "Owner",
}
ROW_FIELDS = {
    "level": "How urgent",
    "condition": "Condition",
    "relation": "Is it a cause?",
    "kind": "Kind of name",
    "name": "Name",
    "heading": "Heading",
    "aspect": "What it is about",
    "items": "Signs",
    "how": "How it causes the symptom",
    "differs": "What sets it apart",
    "text": "Words of the source article",
    "change": "What we changed",
    "body": "Text",
    "safety": "Safety depends on it",
    "phrases": "Words in a search that bring it first",
    "phrase": "Words of the source article",
    "system": "Classification",
    "code": "Code",
    "target": "Page",
    "source": "Source",
    "publisher": "Publisher",
    "title": "Title",
    "url": "Address",
    "licence": "License",
    "checked": "What was checked",
    "last_reviewed": "Last reviewed by its publisher",
    "note": "Note",
    "citations": "Sources",
}
ROWS = {
    "names": "Other name",
    "cards": "Care card",
    "sections": "Section",
    "causes": "Cause",
    "related": "Related page",
    "codes": "Medical code",
    "statements": "Sentence of the source article",
    "citations": "Further source",
}
CHOICES = {
    "status": {"unchecked": "Not yet", "checked": "Against its sources"},
    "level": {
        "emergency": "Emergency: call now",
        "urgent": "Urgent: appointment",
        "non_urgent": "Non-urgent: see a doctor",
    },
    "kind": {
        "also_called": "Also called (shown on the page)",
        "see_reference": "See reference (A to Z)",
        "lay": "Words that readers use",
        "abbreviation": "Abbreviation",
        "spelling": "Other spelling",
    },
    "aspect": {
        "overview": "Overview",
        "symptoms": "Symptoms",
        "causes": "Causes",
        "types": "Types",
        "risks": "Risks or complications",
        "see_doctor": "Seeing a doctor",
        "diagnosis": "Tests and diagnosis",
        "treatment": "Treatment",
        "self_care": "Self-care",
        "living_with": "Living with it",
        "prevention": "Prevention",
        "prognosis": "Outlook",
    },
    "relation": {
        "direct": "Direct cause",
        "underlying": "Can lead to it",
        "umbrella": "A name for several causes",
        "emergency": "Emergency",
        "not_a_cause_here": "Not usually a cause",
    },
    "checked": {"text": "Its text", "address": "Its address only"},
}
RICH_TEXTS = {"lead", "body", "how", "differs"}
PAGES = {"condition", "target", "symptom", "original"}  # fields that name a page by its key


def label_of(name: str) -> str:
    """The plain words for a field; its own name where it has none yet."""
    return ROW_FIELDS.get(name) or FIELDS.get(name) or name.replace("_", " ").capitalize()


def texts_of(name: str, value: Any, names: Mapping[str, str]) -> list[Text]:
    """What the value of the field reads like. ``names``: see `causes.public.comparison.compare`."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return blocks_of_text("yes" if value else "no")
    if isinstance(value, list):
        return blocks_of_lines([str(line) for line in value])
    text = str(value)
    if name in RICH_TEXTS:
        return blocks_of_html(text)
    if name in PAGES:
        text = names.get(f"page:{text}", text)
    elif name == "source":
        text = names.get(f"source:{text}", text)
    elif name == "reviewed_on":
        text = in_words(text) or text
    return blocks_of_text(CHOICES.get(name, {}).get(text, text))
