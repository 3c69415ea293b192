"""From where a filter looks: the moment, the company's time zone, and who asks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from voronka.kernel.access import Reach

#: Names that stand for people in a filter; what they mean now is in `Scope.people`.
GROUPS = ("me", "my-seat", "my-team", "on-shift")

People = Callable[[], frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """`people`: group of GROUPS → ids, asked only when a filter names it; a group nobody gave is empty.

    `who`: whose gate holds for related rows; None for the system (rules, jobs). `related`: rows behind a relation, for
    whoever asks of many rows at once.
    """

    now: datetime
    zone: ZoneInfo
    people: Mapping[str, People] = field(default_factory=dict)
    who: Reach | None = None
    related: Callable[..., Iterable[Any]] | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def group(self, name: str) -> frozenset[int]:
        return self.people[name]() if name in self.people else frozenset()
