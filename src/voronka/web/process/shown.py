"""The process that a person looks at: the draft for those who may change it, else the one in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language

from voronka.deals.models import Stage
from voronka.process import changes, document, drafts
from voronka.process.changes import Change
from voronka.process.models import Draft, Version
from voronka.process.schema import Process
from voronka.staff.models import Person


@dataclass(frozen=True)
class Shown:
    """`draft` is None while nobody changes anything, or for somebody who may only look."""

    version: Version | None
    draft: Draft | None

    @cached_property
    def process(self) -> Process:
        return document.trusted(self.draft.document) if self.draft else self.active

    @cached_property
    def active(self) -> Process:
        return document.trusted(self.version.document) if self.version else Process()

    @cached_property
    def changes(self) -> list[Change]:
        """What the draft changes in the process in force."""
        if not (self.version and self.draft):
            return []
        return list(changes.between(self.version.document, self.draft.document, get_language() or ""))

    @cached_property
    def stage_rows(self) -> Mapping[str, Stage]:
        """«funnel/stage» → its row; a stage of the draft alone has none. One query."""
        rows = Stage.objects.filter(is_active=True).select_related("funnel")
        return {f"{row.funnel.key}/{row.key}": row for row in rows}

    @cached_property
    def rows_by_id(self) -> Mapping[int, Stage]:
        return {row.pk: row for row in self.stage_rows.values()}

    def changed(self, thing: str) -> set[str]:
        """Keys of things of a class that the draft adds or changes."""
        return {change.key for change in self.changes if change.thing == thing and change.act != "removed"}


def shown_to(person: Person) -> Shown:
    """Two queries."""
    draft = drafts.latest() if person.may("manage_process") else None
    version = Version.objects.filter(is_active=True).first()
    return Shown(version, draft)
