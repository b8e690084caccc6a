"""The models: pages (the working copy), tags, and history (what was saved and published)."""

from causes.models.history import (
    Address,
    ContentVersion,
    Edition,
    EditionLink,
    EditionName,
    EditionPhrase,
    Event,
    Revision,
)
from causes.models.pages import (
    SPECIFIC_MODELS,
    Category,
    Condition,
    Information,
    Kind,
    Page,
    Symptom,
)
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
from causes.models.tags import Facet, Tag, TagAlias, TaggedEdition, TaggedPage

__all__ = [
    "SPECIFIC_MODELS",
    "Address",
    "AlternateName",
    "CareCard",
    "Category",
    "Cause",
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
    "Kind",
    "MedicalCode",
    "MissedSearch",
    "Page",
    "RelatedLink",
    "Revision",
    "Row",
    "Section",
    "Source",
    "SourceStatement",
    "Symptom",
    "Tag",
    "TagAlias",
    "TaggedEdition",
    "TaggedPage",
]
