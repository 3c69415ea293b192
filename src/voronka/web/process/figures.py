"""What the map counts, through the gate: deals on stages, those over their limit, flows of a period."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache, reduce
from operator import or_

from django.db import connection
from django.db.models import Count, Q, QuerySet

from voronka.deals.limits import overstayed
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.models import Event
from voronka.staff.models import Person

PERIODS = (7, 30, 90)
#: Flows are remembered for so long.
FRESH = timedelta(seconds=30)


@dataclass(frozen=True)
class Load:
    """`deals` on a stage now, of closing stages those closed in the period; `late`: over the limit."""

    deals: int = 0
    late: int = 0


@dataclass(frozen=True)
class Flow:
    """Deals that went from one place to another in the period, their money, and how long they had stayed in all."""

    deals: int = 0
    amount: Decimal = Decimal(0)
    seconds: int = 0

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(self.deals + other.deals, self.amount + other.amount, self.seconds + other.seconds)


@dataclass(frozen=True, kw_only=True)
class Flows:
    """`moves`: by ids of stages, from and to. `opened`: by rule and id of the funnel, deals that rules opened there."""

    moves: Mapping[tuple[int, int], Flow]
    opened: Mapping[tuple[str, int], Flow]


def period(text: str) -> int:
    """Days of the period in an address; a month without a sensible one."""
    return int(text) if text.isascii() and text.isdecimal() and text in map(str, PERIODS) else 30


def stage_loads(person: Person, days: int) -> dict[int, Load]:
    """By stage id. Two queries: open deals, and what closed in the period."""
    open_deals = Deal.objects.visible_to(person).filter(closed_at=None).order_by()
    rows = open_deals.values_list("stage_id").annotate(deals=Count("pk"), late=Count("pk", filter=over_limit()))
    loads = {stage: Load(deals, late) for stage, deals, late in rows}
    closed = Deal.objects.visible_to(person).filter(closed_at__gte=clock.now() - timedelta(days=days)).order_by()
    return loads | {stage: Load(deals) for stage, deals in closed.values_list("stage_id").annotate(Count("pk"))}


def over_limit() -> Q:
    """Deals that are on their stage longer than it allows, in working time. One query."""
    return overstayed(Stage.objects.filter(is_active=True, limit_minutes__isnull=False))


def late_deals(person: Person) -> QuerySet[Deal]:
    return Deal.objects.visible_to(person).filter(over_limit(), closed_at=None)


def flows(person: Person, days: int) -> Flows:
    """What moved in the period. Two queries, remembered for half a minute."""
    tick = int(clock.now().timestamp() // FRESH.total_seconds())
    return _flows(person.reach, days, tick)


@lru_cache(maxsize=64)
def _flows(reach: frozenset[str], days: int, tick: int) -> Flows:
    since = clock.now() - timedelta(days=days)
    return Flows(moves=_moves(reach, since), opened=_opened(reach, since))


_MOVES = """
    SELECT moved.here, moved.there, count(*), coalesce(sum(deal.amount), 0), coalesce(sum(moved.spent), 0)
    FROM (
        SELECT deal_id, (data->>'from_id')::bigint AS here, (data->>'to_id')::bigint AS there,
            max((data->>'spent_seconds')::bigint) AS spent
        FROM kernel_event WHERE kind = 'deal.moved' AND at >= %(since)s
        GROUP BY 1, 2, 3
    ) AS moved
    JOIN deals_deal AS deal ON deal.id = moved.deal_id
    WHERE %(everything)s OR deal.audience && %(reach)s
    GROUP BY moved.here, moved.there
"""

_OPENED = """
    SELECT event.why, deal.funnel_id, count(*), coalesce(sum(deal.amount), 0)
    FROM kernel_event AS event JOIN deals_deal AS deal ON deal.id = event.deal_id
    WHERE event.kind = 'deal.created' AND event.by_kind = 'rule' AND event.at >= %(since)s
        AND (%(everything)s OR deal.audience && %(reach)s)
    GROUP BY event.why, deal.funnel_id
"""


def _moves(reach: frozenset[str], since: datetime) -> dict[tuple[int, int], Flow]:
    rows = _asked(_MOVES, reach, since)
    return {(here, there): Flow(deals, amount, int(spent)) for here, there, deals, amount, spent in rows}


def _opened(reach: frozenset[str], since: datetime) -> dict[tuple[str, int], Flow]:
    return {(rule, funnel): Flow(deals, amount) for rule, funnel, deals, amount in _asked(_OPENED, reach, since)}


def _asked(sql: str, reach: frozenset[str], since: datetime) -> Iterable[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"since": since, "everything": EVERYTHING in reach, "reach": sorted(reach)})
        return cursor.fetchall()


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How deals pass a stage: mean stay in seconds, and how many of a hundred went on instead of out."""

    stay: int | None
    onward: int | None


def pace(stage: int, lost: Container[int], found: Flows) -> Pace:
    """Of those that left the stage in the period. `lost`: ids of lost stages."""
    left = [(to, flow) for (here, to), flow in found.moves.items() if here == stage]
    total = sum(flow.deals for _to, flow in left)
    if not total:
        return Pace(stay=None, onward=None)
    onward = sum(flow.deals for to, flow in left if to not in lost)
    return Pace(stay=sum(flow.seconds for _to, flow in left) // total, onward=round(100 * onward / total))


def moved_deals(person: Person, pairs: Sequence[tuple[int, int]], days: int) -> QuerySet[Deal]:
    """The deals of flows between stages, from and to."""
    wanted = reduce(or_, (Q(data__from_id=here, data__to_id=there) for here, there in pairs), Q(pk__in=()))
    moved = Event.objects.filter(wanted, kind="deal.moved", at__gte=clock.now() - timedelta(days=days))
    return Deal.objects.visible_to(person).filter(pk__in=moved.values("deal_id"))


def opened_deals(person: Person, rules: Sequence[str], funnel: str, days: int) -> QuerySet[Deal]:
    """The deals that rules opened in a funnel."""
    made = Event.objects.filter(
        kind="deal.created", by_kind="rule", why__in=rules, at__gte=clock.now() - timedelta(days=days)
    )
    return Deal.objects.visible_to(person).filter(pk__in=made.values("deal_id"), funnel__key=funnel)
