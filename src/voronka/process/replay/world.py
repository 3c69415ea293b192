"""A document made ready to be replayed over many deals: rules by what sets them off, stages by row, conditions read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from voronka.deals.models import Deal, Funnel, LossReason
from voronka.deals.models import Stage as StageRow
from voronka.deals.rules import StageFacts
from voronka.kernel.calendars import Calendar
from voronka.kernel.filters import FilterError, Scope, holds
from voronka.staff.calendars import calendar_of
from voronka.staff.models import Brand, Location

from .. import conditions, values
from ..schema import Process, Rule
from ..triggers import DateField, StageTime


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


class World:
    """One document over the ground."""

    def __init__(self, process: Process, ground: Ground) -> None:
        self.process, self.ground = process, ground
        self._asked: dict[str, conditions.Asked | None] = {}
        self._calendars: dict[tuple[str, str | None], Calendar] = {}
        self.timers: Mapping[str, Sequence[Rule]] = self._by_stage(StageTime)
        self.dated: Sequence[Rule] = [rule for rule in process.rules if isinstance(rule.when, DateField)]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Events that some rule hears."""
        return frozenset(self.process.by_event)

    def _by_stage(self, trigger: type[StageTime]) -> dict[str, list[Rule]]:
        table: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.process.timed:
            if isinstance(rule.when, trigger):
                for ref in rule.when.stages:
                    table[str(ref)].append(rule)
        return table

    def calendar(self, ref: str, clock: str | None) -> Calendar:
        """In what durations on a stage are counted."""
        key = (ref.split("/")[0], clock)
        if key not in self._calendars:
            self._calendars[key] = calendar_of(self.process.clock_of(*key))
        return self._calendars[key]

    def wants(self, rule: Rule, deal: Deal, at: datetime) -> bool:
        """Whether the deal as it was fulfils the rule's condition. Related rows are asked as they are now."""
        if rule.if_ is None:
            return True
        if rule.key not in self._asked:
            self._asked[rule.key] = self._read(rule)
        asked = self._asked[rule.key]
        return asked is not None and holds(asked.tree, asked.base, deal, Scope(now=at, zone=self.ground.zone))

    def _read(self, rule: Rule) -> conditions.Asked | None:
        """None for a condition about something that is in the draft alone: no deal of the past fulfils it."""
        try:
            return conditions.asked(rule.if_, self.process, self.ground.ids)
        except (FilterError, KeyError):
            return None

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
