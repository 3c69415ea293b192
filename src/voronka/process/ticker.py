"""Time as facts: what is due follows from when a deal entered its stage. A tick finds everything due as one set.

Each firing is a row, unique by rule, stay and turn, written in the transaction of what the rule does: several
workers, crashes and clock jumps can't fire it twice. After an outage only the latest missed turn fires.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from voronka.deals.models import Deal
from voronka.kernel import actor, clock
from voronka.kernel.ticking import tick_until

from . import engine, queries
from .models import Firing
from .queries import InForce
from .schema import Rule
from .triggers import StageTime

log = logging.getLogger("voronka.process")

SECONDS = 1.0
# So many a tick; the rest waits for the next one, which follows at once.
BATCH = 500

_DUE = """
    WITH rule AS (
        SELECT * FROM unnest(
            %(rules)s::text[], %(stages)s::bigint[], %(after)s::float8[], %(every)s::float8[], %(untaken)s::bool[]
        ) AS r(key, stage_id, after, every, untaken)
    ), due AS (
        SELECT rule.key, passage.id AS passage_id, passage.deal_id, passage.entered_at, rule.after, rule.every,
            CASE
                WHEN rule.every = 0 THEN 1
                ELSE 1 + floor((extract(epoch FROM %(now)s - passage.entered_at) - rule.after) / rule.every)
            END::int AS turn
        FROM rule
        JOIN deals_passage AS passage
            ON passage.stage_id = rule.stage_id AND passage.left_at IS NULL
            AND passage.entered_at <= %(now)s - make_interval(secs => rule.after)
        JOIN deals_deal AS deal ON deal.id = passage.deal_id
        WHERE NOT (rule.untaken AND deal.taken_at IS NOT NULL)
    )
    SELECT key, passage_id, deal_id, turn,
        entered_at + make_interval(secs => after + (turn - 1) * every) AS due_at
    FROM due
    WHERE NOT EXISTS (
        SELECT FROM process_firing AS firing
        WHERE firing.rule = due.key AND firing.passage_id = due.passage_id AND firing.turn >= due.turn
    )
    ORDER BY due_at, passage_id
    LIMIT %(limit)s
"""


@dataclass(frozen=True)
class DueFiring:
    rule: str
    passage_id: int
    deal_id: int
    turn: int
    due_at: datetime


async def run(stop: asyncio.Event) -> None:
    """The loop of the worker: tick until `stop`."""
    await tick_until(stop, tick, seconds=SECONDS, batch=BATCH)


def tick(now: datetime | None = None) -> int:
    """Fire everything that is due at `now`; returns how many were found due."""
    with clock.freeze(now or clock.now()):
        current = queries.in_force()
        found = find_due(current, clock.now())
        rules = {rule.key: rule for rule in current.process.timed}
        for due in found:
            if due.rule in rules and not fire(rules[due.rule], due, current):
                del rules[due.rule]
        return len(found)


def find_due(in_force: InForce, now: datetime) -> list[DueFiring]:
    """Turns that are due and have not fired, the earliest first."""
    rules = _rows(in_force)
    if not rules:
        return []
    keys, stages, after, every, untaken = (list(column) for column in zip(*rules, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "rules": keys,
                "stages": stages,
                "after": after,
                "every": every,
                "untaken": untaken,
                "now": now,
                "limit": BATCH,
            },
        )
        return [DueFiring(*row) for row in cursor.fetchall()]


def fire(rule: Rule, due: DueFiring, current: InForce) -> bool:
    """Fire one turn, once in the world; False when the rule had to be set aside.

    A deal somebody is working on right now waits for the next tick.
    """
    when = rule.when
    with transaction.atomic():
        deal = Deal.objects.select_for_update(skip_locked=True).filter(pk=due.deal_id).first()
        if deal is None or not _still_there(deal, due) or not isinstance(when, StageTime) or not when.applies(deal):
            return True
        _firing, made = Firing.objects.get_or_create(
            rule=rule.key,
            passage_id=due.passage_id,
            turn=due.turn,
            defaults={"deal_id": due.deal_id, "due_at": due.due_at, "fired_at": clock.now()},
        )
        return not made or engine.run(rule, current, deal, actor.system("timer"), still=when.applies)


def _still_there(deal: Deal, due: DueFiring) -> bool:
    return deal.passages.filter(pk=due.passage_id, left_at=None).exists()


def _rows(in_force: InForce) -> list[tuple[str, int, float, float, bool]]:
    """Timed rules with the ids of their stages; those set aside rest."""
    ids = {ref: pk for pk, ref in in_force.places.stages.items()}
    rules = [rule for rule in in_force.process.timed if rule.key not in in_force.aside]
    return [row for rule in rules for row in _of_rule(rule, ids)]


def _of_rule(rule: Rule, ids: dict[str, int]) -> Iterable[tuple[str, int, float, float, bool]]:
    when = rule.when
    if isinstance(when, StageTime):
        every = when.every.delta.total_seconds() if when.every else 0.0
        for ref in when.stages:
            yield rule.key, ids[ref], when.after.delta.total_seconds(), every, when.until == "taken"
