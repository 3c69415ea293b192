"""Stays at stages: the clock runs from when the deal came."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from voronka.deals.models import Deal
from voronka.kernel.calendars import latest_start

from ..models import Firing
from ..schema import Rule
from ..triggers import StageTime
from ._base import Due, Look, Timer, coming_turn, turn_of

# Each stage of each rule walks its own part of the index of open stays, from the last look to this one.
_FIRST = """
    SELECT rule.key, rule.funnel, stay.id, stay.deal_id, stay.entered_at
    FROM unnest(
        %(rules)s::text[], %(funnels)s::text[], %(stages)s::bigint[], %(since)s::timestamptz[],
        %(until)s::timestamptz[], %(untaken)s::bool[]
    ) AS rule(key, funnel, stage_id, since, until, untaken)
    CROSS JOIN LATERAL (
        SELECT id, deal_id, entered_at FROM deals_passage AS passage
        WHERE passage.stage_id = rule.stage_id AND passage.left_at IS NULL
            AND passage.entered_at > rule.since AND passage.entered_at <= rule.until
            AND NOT EXISTS (
                SELECT FROM process_firing AS firing
                WHERE firing.rule = rule.key AND firing.passage_id = passage.id
            )
            AND NOT (rule.untaken AND EXISTS (
                SELECT FROM deals_deal AS deal WHERE deal.id = passage.deal_id AND deal.taken_at IS NOT NULL
            ))
        ORDER BY passage.entered_at LIMIT %(limit)s
    ) AS stay
    ORDER BY stay.entered_at, stay.id LIMIT %(limit)s
"""

# The next turn counts from the last one, so only stays whose last turn is that long ago are read.
_AGAIN = """
    SELECT rule.key, rule.funnel, passage.id, passage.deal_id, passage.entered_at, last.turn, last.due_at
    FROM unnest(
        %(rules)s::text[], %(funnels)s::text[], %(stages)s::bigint[], %(until)s::timestamptz[],
        %(again)s::timestamptz[], %(untaken)s::bool[]
    ) AS rule(key, funnel, stage_id, until, again, untaken)
    JOIN deals_passage AS passage ON passage.stage_id = rule.stage_id AND passage.left_at IS NULL
        AND passage.entered_at <= rule.until
    JOIN deals_deal AS deal ON deal.id = passage.deal_id AND NOT (rule.untaken AND deal.taken_at IS NOT NULL)
    CROSS JOIN LATERAL (
        SELECT turn, due_at FROM process_firing AS firing
        WHERE firing.rule = rule.key AND firing.passage_id = passage.id
        ORDER BY turn DESC LIMIT 1
    ) AS last
    WHERE last.due_at <= rule.again
    ORDER BY last.due_at, passage.id LIMIT %(limit)s
"""


class StageTimer(Timer):
    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        places = [(rule, ref) for rule in rules for ref in _when(rule).stages]
        return [*self._first(places, look), *self._again([one for one in places if _when(one[0]).every], look)]

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        return (
            deal is not None
            and _when(rule).applies(deal)
            and firing.passage is not None
            and firing.passage.left_at is None
        )

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        when, ref = _when(rule), look.current.places.stages.get(deal.stage_id, "")
        if ref not in when.stages or not when.applies(deal):
            return None
        calendar = look.calendar(ref.split("/")[0], when.clock)
        return coming_turn(deal.stage_entered_at, when.after, when.every, look, calendar)

    def _first(self, places: Sequence[tuple[Rule, str]], look: Look) -> Iterable[Due]:
        windows = [look.window(rule, _when(rule).after.length, _clock(rule, ref, look)) for rule, ref in places]
        given = {"since": [since for since, _until in windows], "until": [until for _since, until in windows]}
        for rule, funnel, stay, deal, entered in _rows(_FIRST, places, look, given):
            when = _when(look.current.rule(rule))
            turn = turn_of(entered, when.after, when.every, look, look.calendar(funnel, when.clock))
            if turn:
                yield Due(rule=rule, passage_id=stay, deal_id=deal, turn=turn[0], due_at=turn[1])

    def _again(self, places: Sequence[tuple[Rule, str]], look: Look) -> Iterable[Due]:
        until, again = [], []
        for rule, ref in places:
            when, calendar = _when(rule), _clock(rule, ref, look)
            assert when.every
            until.append(latest_start(look.now, when.after.length, calendar))
            again.append(latest_start(look.now, when.every.length, calendar))
        for rule, funnel, stay, deal, entered, turn, at in _rows(
            _AGAIN, places, look, {"until": until, "again": again}
        ):
            when = _when(look.current.rule(rule))
            found = turn_of(entered, when.after, when.every, look, look.calendar(funnel, when.clock), last=(turn, at))
            if found:
                yield Due(rule=rule, passage_id=stay, deal_id=deal, turn=found[0], due_at=found[1])


def _when(rule: Rule) -> StageTime:
    assert isinstance(rule.when, StageTime)
    return rule.when


def _clock(rule: Rule, ref: str, look: Look):
    return look.calendar(ref.split("/")[0], _when(rule).clock)


def _rows(statement: str, places: Sequence[tuple[Rule, str]], look: Look, given: dict[str, list[datetime]]) -> list:
    if not places:
        return []
    ids = look.current.places.stage_ids
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "rules": [rule.key for rule, _ref in places],
                "funnels": [ref.split("/")[0] for _rule, ref in places],
                "stages": [ids[ref] for _rule, ref in places],
                "untaken": [_when(rule).until == "taken" for rule, _ref in places],
                "limit": look.limit,
                **given,
            },
        )
        return cursor.fetchall()
