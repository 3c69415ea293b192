from .client import (
    Address,
    Company,
    Contact,
    Identity,
    Note,
    OfCompany,
    Requisites,
    Segment,
    StandingNotes,
    Tag,
    Word,
    name_words,
    note_age,
    note_words,
    tags_field,
)
from .consent import Consent, Denial
from .merge import Matching, Merge, Scan, Suspicion

__all__ = [
    "Address", "Company", "Consent", "Contact", "Denial", "Identity", "Matching", "Merge", "Note", "OfCompany",
    "Requisites", "Scan", "Segment", "StandingNotes", "Suspicion", "Tag", "Word", "name_words", "note_age",
    "note_words", "tags_field",
]  # fmt: skip
