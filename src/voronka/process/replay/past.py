"""What happened to deals, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from voronka.deals.models import Deal

#: Events that set rules off or tell what a deal was like.
ALWAYS = ("deal.created", "deal.moved", "deal.changed", "deal.taken")

_STAYS = """
    SELECT deal_id, stage_id, entered_at, left_at FROM deals_passage
    WHERE deal_id = ANY(%s::bigint[]) AND (left_at IS NULL OR left_at >= %s) ORDER BY entered_at, id
"""
_EVENTS = """
    SELECT deal_id, at, kind, by_kind, person_id, stage_id, data FROM kernel_event
    WHERE deal_id = ANY(%s::bigint[]) AND at >= %s AND kind = ANY(%s) ORDER BY id
"""


class Stay(NamedTuple):
    stage_id: int
    entered_at: datetime
    left_at: datetime | None


class Happened(NamedTuple):
    """One event of a deal, as `triggers.Happening` reads it."""

    at: datetime
    kind: str
    by_kind: str
    person_id: int | None
    stage_id: int | None
    data: Mapping[str, Any]


#: A stay begins before the event that tells of it is heard.
Moment = tuple[datetime, int, Stay | Happened]
BY_TIME = itemgetter(0, 1)


@dataclass(slots=True)
class Past:
    """A deal as it is now, and how it came there: its stays in the window, what happened and both in order."""

    deal: Deal
    stays: Sequence[Stay]
    moments: Sequence[Moment]
    #: Changes of fields: when, field → [old, new].
    changes: Sequence[tuple[datetime, Mapping[str, Any]]]

    def fields_at(self, at: datetime) -> Mapping[str, Any]:
        """Declared fields as they were: what changed later is taken back."""
        if not self.changes or self.changes[-1][0] <= at:
            return self.deal.fields
        values = dict(self.deal.fields)
        for changed_at, fields in reversed(self.changes):
            if changed_at <= at:
                break
            values |= {key: pair[0] for key, pair in fields.items() if isinstance(pair, list) and len(pair) == 2}
        return values


def read(deals: Sequence[Deal], *, since: datetime, kinds: Iterable[str]) -> list[Past]:
    """Two queries, whatever the number of deals."""
    ids = [deal.pk for deal in deals]
    stays: dict[int, list[Stay]] = defaultdict(list)
    events: dict[int, list[Happened]] = defaultdict(list)
    told = sorted({*ALWAYS, *kinds})
    connection.ensure_connection()
    # rows by the hundred thousand: in binary form they need no parsing
    with connection.connection.cursor(binary=True) as cursor:
        for deal, *stay in cursor.execute(_STAYS, [ids, since]).fetchall():
            stays[deal].append(Stay._make(stay))
        for deal, *event in cursor.execute(_EVENTS, [ids, since, told]).fetchall():
            events[deal].append(Happened._make(event))
    return [_past(deal, stays[deal.pk], events[deal.pk]) for deal in deals]


def _past(deal: Deal, stays: Sequence[Stay], events: Sequence[Happened]) -> Past:
    moments: list[Moment] = [(stay.entered_at, 0, stay) for stay in stays]
    moments += [(event.at, 1, event) for event in events]
    moments.sort(key=BY_TIME)
    changed = (event for event in events if event.kind == "deal.changed")
    return Past(deal, stays, moments, [(event.at, event.data.get("changes", {})) for event in changed])
