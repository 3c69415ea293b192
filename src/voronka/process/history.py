"""Versions of the process: who changed what, when and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from voronka.staff.models import Person

from . import changes
from .changes import Change
from .models import Version

PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Told:
    """A version with its author and what it changed in the one before."""

    version: Version
    author: Person | None
    changes: Sequence[Change]
    is_first: bool = False


def versions(*, before: int | None = None) -> list[Told]:
    """The newest first, at most PAGE; `before`: older than that one. Two queries."""
    found = Version.objects.order_by("-pk")
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    people = Person.objects.in_bulk([row.author_id for row in rows if row.author_id])
    told = []
    for row, older in zip(rows, [*rows[1:], None], strict=True):
        author = people.get(row.author_id or 0)
        told.append(
            Told(version=row, author=author, changes=between(older, row) if older else (), is_first=older is None)
        )
    return told[:PAGE]


def between(before: Version, after: Version) -> Sequence[Change]:
    """What differs between two versions, in sentences."""
    return changes.between(before.document, after.document, get_language() or "")
