"""The models: pages (the working copy), tags, history (what was saved and published), the desk."""

from causes.models.desk import (
    CheckedLink,
    Presence,
    Redaction,
    Reminder,
    ReviewLink,
    SignOff,
)
from causes.models.history import (
    Edition,
    EditionLink,
    Event,
    Revision,
)
from causes.models.lookups import Address, ContentVersion, EditionName, EditionPhrase
from causes.models.one_of import OneOf
from causes.models.pages import (
    SPECIFIC_MODELS,
    Category,
    Condition,
    Information,
    Kind,
    Page,
    Symptom,
    months_after,
)
from causes.models.people import Invitation
from causes.models.rows import (
    AlternateName,
    CareCard,
    Cause,
    Citation,
    MedicalCode,
    RelatedLink,
    Row,
    Section,
    SourceStatement,
)
from causes.models.searches import MissedSearch
from causes.models.sources import Source
from causes.models.tags import DRAWN_TAGS, Facet, Tag, TagAlias, TaggedEdition, TaggedPage

__all__ = [
    "DRAWN_TAGS",
    "SPECIFIC_MODELS",
    "Address",
    "AlternateName",
    "CareCard",
    "Category",
    "Cause",
    "CheckedLink",
    "Citation",
    "Condition",
    "ContentVersion",
    "Edition",
    "EditionLink",
    "EditionName",
    "EditionPhrase",
    "Event",
    "Facet",
    "Information",
    "Invitation",
    "Kind",
    "MedicalCode",
    "MissedSearch",
    "OneOf",
    "Page",
    "Presence",
    "Redaction",
    "RelatedLink",
    "Reminder",
    "ReviewLink",
    "Revision",
    "Row",
    "Section",
    "SignOff",
    "Source",
    "SourceStatement",
    "Symptom",
    "Tag",
    "TagAlias",
    "TaggedEdition",
    "TaggedPage",
    "months_after",
]
