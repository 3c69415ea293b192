"""Time as facts: a tick finds what has become due since the last one as sets, then runs it in order of its moments.

What is found becomes rows, unique by rule, fact and turn; a row is run in the transaction that marks it as run. So
several workers, crashes and clock jumps can't fire it twice, and what a worker left another one takes up. After an
outage only the latest missed turn of a rule that repeats fires.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from django.db import connection, transaction

from voronka.clients.models import Company
from voronka.deals.models import Deal
from voronka.kernel import actor, clock
from voronka.kernel.ticking import tick_until

from . import engine, queries, waits
from .leaving import leave_steps
from .models import Beat, Firing
from .queries import InForce
from .schema import Rule
from .timers import TIMERS, Due, Look

log = logging.getLogger("voronka.process")

SECONDS = 1.0
# So many are run a tick; the rest waits for the next one, which follows at once.
BATCH = 500

_KEEP = """
    INSERT INTO process_firing (rule, about, deal_id, company_id, contact_id, passage_id, turn, due_at)
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[]
    )
    ON CONFLICT DO NOTHING
"""


@dataclass
class Memory:
    """What the last look has seen, so that the next one reads only what has changed since. It spares work and decides
    nothing: now and then, and whenever the clock or the rules are not what they were, everything is looked at.
    """

    seen: dict[str, datetime] = field(default_factory=dict)
    version: int | None = None
    now: datetime | None = None
    whole: datetime | None = None

    #: What was written while the last look went on, or by a slow transaction, is looked at again.
    OVERLAP = timedelta(minutes=2)
    WHOLE_EVERY = timedelta(minutes=10)

    def since(self, current: InForce, now: datetime) -> dict[str, datetime]:
        """Per rule the moment from which to look; rules that are left out are looked at whole."""
        forget = self.now is None or self.whole is None or now < self.now or current.version != self.version
        if forget or now - self.whole >= self.WHOLE_EVERY:  # type: ignore[operator]
            self.whole, self.seen = now, {}
        return {rule: seen - self.OVERLAP for rule, seen in self.seen.items()}

    def saw(self, rules: Iterable[Rule], current: InForce, now: datetime) -> None:
        self.version, self.now = current.version, now
        self.seen = {rule.key: now for rule in rules}


async def run(stop: asyncio.Event) -> None:
    """The loop of the worker: tick until `stop`."""
    await tick_until(stop, partial(tick, memory=Memory()), seconds=SECONDS, batch=BATCH)


def tick(now: datetime | None = None, *, memory: Memory | None = None) -> int:
    """Find and run everything that is due at `now`; returns how many were run."""
    with clock.freeze(now or clock.now()):
        current = queries.in_force()
        find(current, clock.now(), memory or Memory())
        leave_steps(current)
        return run_due(current)


def find(current: InForce, now: datetime, memory: Memory) -> int:
    """Keep what has become due as rows that wait to be run; returns how many are new."""
    rules = [rule for rule in current.process.timed if rule.key not in current.aside and rule.supported]
    look = Look(current=current, now=now, since=memory.since(current, now), ever=_last_beat(now))
    found = [due for kind, some in _by_kind(rules) for due in TIMERS[kind].find(some, look)]
    if len(found) < look.limit:
        memory.saw(rules, current, now)
    return _keep(found)


def run_due(current: InForce, limit: int = BATCH) -> int:
    """Run what waits, the earliest first; returns how many were run."""
    broken = set(current.aside)
    waiting = Firing.objects.filter(fired_at=None, due_at__lte=clock.now()).exclude(rule__in=broken)
    done = 0
    look = Look(current=current, now=clock.now())
    for firing_id, rule in list(waiting.order_by("due_at", "id").values_list("pk", "rule")[:limit]):
        if rule in broken:
            continue
        fired = fire(firing_id, look)
        if fired is False:
            broken.add(rule)
        done += fired is not None
    return done


def fire(firing_id: int, look: Look) -> bool | None:
    """Run one, once in the world; False when its rule had to be set aside, None when it waits for the next tick:
    somebody is working on its deal right now."""
    with transaction.atomic():
        firing = Firing.objects.select_for_update(skip_locked=True).filter(pk=firing_id, fired_at=None).first()
        deal = _locked_deal(firing)
        if firing is None or (firing.deal_id and deal is None):
            return None
        waited = waits.step_of(firing)
        rule = waited[0] if waited else look.current.process.rules_by_key.get(firing.rule)
        firing.fired_at = clock.now()
        firing.save(update_fields=["fired_at"])
        if rule is None:
            return True
        company = Company.objects.filter(pk=firing.company_id).first() if firing.company_id else None
        work = engine.work_on(
            rule, look.current, actor.system("timer"), deal=deal, company=company, contact=firing.contact,
            due_at=firing.due_at,
        )  # fmt: skip
        if waited and waits.holds(firing, waited[1], deal, work.company):
            return engine.run(
                rule, look.current, work, still=_yes, start=firing.step, about=firing.about, parent=firing.trace
            )
        if waited or not TIMERS[type(rule.when)].holds(rule, firing, deal, look):
            return True
        return engine.run(rule, look.current, work, still=_yes, about=firing.about or f"stay:{firing.passage_id}")


def _yes(deal: Deal | None) -> bool:
    """What set it off was asked with the row locked."""
    return True


def _locked_deal(firing: Firing | None) -> Deal | None:
    if firing is None or firing.deal_id is None:
        return None
    held = Deal.objects.select_for_update(skip_locked=True).filter(pk=firing.deal_id).exists()
    return engine.deal_for_rules(firing.deal_id) if held else None


def _by_kind(rules: Sequence[Rule]) -> Iterable[tuple[type, list[Rule]]]:
    ordered = sorted(rules, key=lambda rule: rule.when.event)
    return [(kind, list(some)) for kind, some in groupby(ordered, key=lambda rule: type(rule.when))]


def _keep(found: Sequence[Due]) -> int:
    if not found:
        return 0
    columns = (
        "rule", "about", "deal_id", "company_id", "contact_id", "passage_id", "turn", "due_at",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[getattr(due, column) for due in found] for column in columns])
        return cursor.rowcount


def _last_beat(now: datetime) -> datetime:
    """When somebody looked last; from there missed hours are caught up. Noted every now and then."""
    beat = Beat.objects.filter(pk=1).first()
    if beat is None or beat.at > now or now - beat.at > Memory.OVERLAP:
        Beat.objects.update_or_create(pk=1, defaults={"at": now})
    return min(beat.at, now) - Memory.OVERLAP if beat else now
