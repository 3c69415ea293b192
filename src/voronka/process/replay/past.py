"""What happened to deals, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.deals.models import Deal, Passage
from voronka.kernel.models import Event

#: Events that set rules off or tell what a deal was like.
ALWAYS = ("deal.created", "deal.moved", "deal.changed", "deal.taken")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a deal, as `triggers.Happening` reads it."""

    at: datetime
    kind: str
    by_kind: str
    person_id: int | None
    funnel_id: int | None
    stage_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stay:
    stage_id: int
    entered_at: datetime
    left_at: datetime | None


@dataclass(slots=True)
class Past:
    """A deal as it is now, and how it came there. `events` in order, of the window only."""

    deal: Deal
    stays: Sequence[Stay] = ()
    events: Sequence[Happened] = ()

    def fields_at(self, at: datetime) -> dict[str, Any]:
        """Declared fields as they were: what changed later is taken back."""
        values = dict(self.deal.fields)
        for happened in reversed(self.events):
            if happened.at <= at:
                break
            if happened.kind == "deal.changed":
                for key, pair in happened.data.get("changes", {}).items():
                    if isinstance(pair, list) and len(pair) == 2:
                        values[key] = pair[0]
        return values


def read(ids: Sequence[int], *, since: datetime, kinds: Iterable[str]) -> list[Past]:
    """Three queries, whatever the number of deals."""
    deals = Deal.objects.filter(pk__in=ids).order_by("pk")
    stays: dict[int, list[Stay]] = defaultdict(list)
    rows = Passage.objects.filter(deal__in=ids).order_by("entered_at", "pk")
    for deal, stage, entered, left in rows.values_list("deal_id", "stage_id", "entered_at", "left_at").iterator():
        stays[deal].append(Stay(stage, entered, left))
    events: dict[int, list[Happened]] = defaultdict(list)
    happened = Event.objects.filter(deal_id__in=ids, at__gte=since, kind__in={*ALWAYS, *kinds}).order_by("id")
    wanted = ("deal_id", "at", "kind", "by_kind", "person_id", "funnel_id", "stage_id", "data")
    for deal, *facts in happened.values_list(*wanted).iterator():
        events[deal].append(Happened(*facts))
    return [Past(deal, stays[deal.pk], events[deal.pk]) for deal in deals]
