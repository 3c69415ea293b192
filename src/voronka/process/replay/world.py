"""A document made ready to be replayed over many deals: rules by what sets them off, stages by row, conditions read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from voronka.deals.models import Funnel, LossReason
from voronka.deals.models import Stage as StageRow
from voronka.deals.rules import MoveFacts, StageFacts, Verdict, check_move
from voronka.kernel.calendars import Calendar, Length
from voronka.kernel.filters import FilterError, Scope, fulfils, is_timeless, plan
from voronka.kernel.filters.checks import Plan
from voronka.staff.calendars import calendar_of
from voronka.staff.models import Brand, Location

from .. import conditions, values
from ..schema import Process, Rule
from ..triggers import DateField, StageTime
from .kin import Kin


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What both documents share: rows of stages by id, ids of places, the zone, roles of people."""

    refs: Mapping[int, str]
    rows: Mapping[str, StageRow]
    ids: conditions.Ids
    zone: ZoneInfo
    roles: Mapping[int, str]


def ground(zone: ZoneInfo, roles: Mapping[int, str]) -> Ground:
    """Four queries."""
    stages = list(StageRow.objects.select_related("funnel"))
    refs = {row.pk: f"{row.funnel.key}/{row.key}" for row in stages}
    ids = {
        values.STAGE: {ref: pk for pk, ref in refs.items()},
        values.FUNNEL: dict(Funnel.objects.values_list("key", "pk")),
        values.BRAND: dict(Brand.objects.values_list("key", "pk")),
        values.LOCATION: dict(Location.objects.values_list("key", "pk")),
        values.REASON: dict(LossReason.objects.values_list("key", "pk")),
    }
    return Ground(refs=refs, rows={refs[row.pk]: row for row in stages}, ids=ids, zone=zone, roles=roles)


def is_told(rule: Rule) -> bool:
    """Whether the past that is kept tells when a timed rule would have fired."""
    return isinstance(rule.when, StageTime | DateField)


class Timer(NamedTuple):
    """A rule that waits on a stage, with its durations as that stage counts them."""

    rule: Rule
    after: Length
    every: Length | None
    until_taken: bool
    calendar: Calendar


class World:
    """One document over the ground. What is asked of every deal is made once."""

    def __init__(self, process: Process, ground: Ground, kin: Kin) -> None:
        self.process, self.ground, self.kin = process, ground, kin
        self.dated: Sequence[Rule] = [rule for rule in process.rules if isinstance(rule.when, DateField)]
        self._hearing: dict[tuple[str, str], Sequence[Rule]] = {}
        self._verdicts: dict[tuple[str, str, str], Verdict] = {}
        self._conditions: dict[str, _Condition | None] = {}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Events that some rule hears."""
        return frozenset(self.process.by_event)

    def hearing(self, kind: str, ref: str) -> Sequence[Rule]:
        """Rules that an event of this kind may set off on a stage."""
        found = self._hearing.get((kind, ref))
        if found is None:
            found = self._hearing[kind, ref] = self.process.hearing(kind, ref.split("/")[0], ref)
        return found

    @cached_property
    def timers(self) -> Mapping[str, Sequence[Timer]]:
        """By stage."""
        table: dict[str, list[Timer]] = defaultdict(list)
        for rule in self.process.timed:
            when = rule.when
            if isinstance(when, StageTime):
                every, taken = when.every.length if when.every else None, when.until == "taken"
                for ref in when.stages:
                    table[str(ref)].append(Timer(rule, when.after.length, every, taken, self.calendar(ref, when.clock)))
        return table

    def calendar(self, ref: str, clock: str | None) -> Calendar:
        """In what durations on a stage are counted."""
        return calendar_of(self.process.clock_of(ref.split("/")[0], clock))

    def wants(self, rule: Rule, deal: Any, at: datetime) -> bool:
        """Whether the deal as it was fulfils the rule's condition. Related rows are asked as they are now."""
        if rule.key not in self._conditions:
            self._conditions[rule.key] = self._read(rule)
        condition = self._conditions[rule.key]
        return condition is not None and condition.holds(deal, Scope(now=at, zone=self.ground.zone, related=self.kin))

    def _read(self, rule: Rule) -> "_Condition | None":
        """None for a condition about something that is in the draft alone: no deal of the past fulfils it."""
        try:
            return _Condition(conditions.asked(rule.if_, self.process, self.ground.ids))
        except (FilterError, KeyError):
            return None

    def verdict(self, here: str, there: str, role: str) -> Verdict:
        """What the guards say of people's move of a deal with nothing filled in: what is missing must have been there.

        What a person did about the next step, the reason and the approval then is not asked again.
        """
        found = self._verdicts.get((here, there, role))
        if found is None:
            found = self._verdicts[here, there, role] = self._checked(here, there, role)
        return found

    def _checked(self, here: str, there: str, role: str) -> Verdict:
        facts = self.stage_facts
        if there not in facts:
            return Verdict(refusal=there)  # the document has no such stage any more
        if here not in facts:
            return Verdict()
        funnel = next(one for one in self.process.funnels if one.key == there.split("/")[0])
        low, high = sorted((facts[here].position, facts[there].position))
        verdict = check_move(
            MoveFacts(
                here=facts[here],
                there=facts[there],
                between=[facts[f"{funnel.key}/{stage.key}"] for stage in funnel.stages[low + 1 : high]],
                only_forward=funnel.only_forward,
                no_skipping=funnel.no_skipping,
                next_step_required=False,
                has_next_step=True,
                filled=frozenset(),
                reason_needs_comment=False,
                has_comment=True,
                role=role,
                approved=True,
            )
        )
        return Verdict(refusal=verdict.refusal, missing=() if facts[there].meaning == "lost" else verdict.missing)

    @cached_property
    def stage_facts(self) -> Mapping[str, StageFacts]:
        """For the guards: places of stages as this document orders them."""
        return {
            f"{funnel.key}/{stage.key}": StageFacts(
                id=place,
                title=stage.title,
                meaning=stage.meaning,
                position=place,
                required=stage.required,
                may_enter=stage.may_enter,
                approver=stage.approval or "",
                derived=stage.derived is not None,
            )
            for funnel in self.process.funnels
            for place, stage in enumerate(funnel.stages)
        }


class _Condition:
    """A condition asked of very many deals: planned once, unless its words mean another day on another day."""

    def __init__(self, asked: conditions.Asked) -> None:
        self.asked = asked
        self.plan: Plan | None = None

    def holds(self, deal: Any, scope: Scope) -> bool:
        checked = self.plan or plan(self.asked.tree, self.asked.base, scope)
        if self.plan is None and is_timeless(checked):
            self.plan = checked
        return fulfils(checked, deal, scope)
