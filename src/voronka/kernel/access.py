"""The gate. A row carries its *audience*: tokens of those who may see it; a person carries a *reach*: own tokens.

A row is visible when the two meet, or when the reach is EVERYTHING. The same test runs in SQL (lists, counts,
search, export) and in memory (live updates). Tokens: `s:<seat>` owner's seat, `u:<brand>` untaken in the brand,
`b:<brand>` heads of the brand, `l:<location>` administrators of the location; brand 0 is «no brand».
What a role sees is decided in `staff.access`, what a deal shows in `deals.access`, nowhere else.
"""

from collections.abc import Iterable
from typing import Protocol, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

EVERYTHING = "*"


class Reach(Protocol):
    """Anybody with a reach; in practice `staff.Person`."""

    @property
    def reach(self) -> frozenset[str]: ...


def sees(reach: Iterable[str], audience: Iterable[str]) -> bool:
    """Whether someone with `reach` may see a row with `audience`."""
    reach = frozenset(reach)
    return EVERYTHING in reach or not reach.isdisjoint(audience)


class GatedQuerySet(models.QuerySet):
    """Rows that only come through the gate; `path` leads to the row that carries the audience."""

    path = "audience"

    def visible_to(self, who: Reach) -> Self:
        return self.within(who.reach)

    def within(self, reach: frozenset[str] | None) -> Self:
        """The same for a bare reach; None is an actor that no gate binds."""
        if reach is None or EVERYTHING in reach:
            return self
        return self.filter(**{f"{self.path}__overlap": sorted(reach)})


class Gated(models.Model):
    """A row with its own audience."""

    audience = ArrayField(models.TextField(), default=list, editable=False)

    objects = GatedQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["audience"], name="%(class)s_audience")]
