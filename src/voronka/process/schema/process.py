"""The whole document."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import get_language
from pydantic import ConfigDict

from voronka.deals.fields import BUILT_IN

from .. import values
from ..outline import Outline
from ..steps import PLACEHOLDERS, Wait
from ..triggers import TimedTrigger
from ..values import Part
from .company import Calendar, Company, Product, Role
from .funnels import Article, Field, Fields, Funnel, Intake, Script, Segment, Stage, TaskKind, Template
from .rules import Rule


class Process(Part):
    """How a company works. `format` is the version of this schema; it grows by optional keys only."""

    model_config = ConfigDict(**{**Part.model_config, "title": "Voronka process"})

    format: Literal[1] = 1
    title: str = ""
    description: str = ""
    company: Company = Company()
    calendars: list[Calendar] = []
    roles: list[Role] = []
    funnels: list[Funnel] = []
    fields: Fields = Fields()
    task_kinds: list[TaskKind] = []
    products: list[Product] = []
    intake: Intake | None = None
    templates: list[Template] = []
    segments: list[Segment] = []
    scripts: list[Script] = []
    articles: list[Article] = []
    rules: list[Rule] = []

    @property
    def outline(self) -> Outline:
        """Titles in the reader's language: built-in fields are named in each."""
        language = get_language() or ""
        if language not in self._outlines:
            self._outlines[language] = self._outline()
        return self._outlines[language]

    @cached_property
    def _outlines(self) -> dict[str, Outline]:
        return {}

    def _outline(self) -> Outline:
        fields = {spec.key: str(spec.title) for spec in BUILT_IN} | _titles(self.fields.deal)
        return Outline(
            {
                values.STAGE: {ref: stage.title for ref, stage in self.stages.items()},
                values.FUNNEL: _titles(self.funnels),
                values.ROLE: _titles(self.roles),
                values.FIELD: fields,
                values.TASK_KIND: _titles(self.task_kinds),
                values.RULE: _titles(self.rules),
                values.BRAND: _titles(self.company.brands),
                values.LOCATION: _titles(self.company.locations),
                values.CALENDAR: _titles(self.calendars),
                values.TEMPLATE: _titles(self.templates),
                values.SEGMENT: _titles(self.segments),
                values.REASON: _titles(reason for funnel in self.funnels for reason in funnel.loss_reasons),
                values.PLACEHOLDER: PLACEHOLDERS | {key: title.lower() for key, title in fields.items()},
                **{f"{values.FIELD}:{field.key}": self.options(field) for field in self.fields.deal},
            }
        )

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """«funnel/stage» → stage."""
        return {f"{funnel.key}/{stage.key}": stage for funnel in self.funnels for stage in funnel.stages}

    def clock_of(self, funnel: str, clock: str | None = None) -> dict[str, Any]:
        """In what a duration is counted: the plain form of the calendar named, else of the funnel's, else the wall."""
        if clock == "wall":
            return {}
        key = clock or next((one.calendar for one in self.funnels if one.key == funnel), None)
        return self._clocks.get(key or "", {})

    @cached_property
    def _clocks(self) -> dict[str, dict[str, Any]]:
        return {calendar.key: calendar.spec for calendar in self.calendars}

    @cached_property
    def timed(self) -> tuple[Rule, ...]:
        """Rules that wait for time, in document order."""
        return tuple(rule for rule in self.rules if isinstance(rule.when, TimedTrigger))

    @cached_property
    def by_event(self) -> dict[str, tuple[Rule, ...]]:
        """Event kind → rules that hear it, in document order."""
        table: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            for kind in rule.when.hears:
                table[kind] = (*table.get(kind, ()), rule)
        return table

    def hearing(self, kind: str, funnel: str, stage: str) -> tuple[Rule, ...]:
        """Rules that an event of this kind may set off there, in document order: no others are looked at."""
        key = (kind, funnel, stage)
        if key not in self._hearing:
            heard = self.by_event.get(kind, ())
            self._hearing[key] = tuple(rule for rule in heard if rule.when.may_hear(funnel, stage))
        return self._hearing[key]

    @cached_property
    def _hearing(self) -> dict[tuple[str, str, str], tuple[Rule, ...]]:
        return {}

    @cached_property
    def rules_by_key(self) -> dict[str, Rule]:
        return {rule.key: rule for rule in self.rules}

    @cached_property
    def waited_fields(self) -> frozenset[str]:
        """Date fields that rules wait for."""
        waits = [step for rule in self.rules for step in rule.then if isinstance(step, Wait)]
        return frozenset(name for wait in waits if wait.until for name in (wait.until.field, wait.until.clock_field))

    def options(self, field: Field) -> dict[str, str]:
        """Choices of a field: key → title."""
        return _titles(self.company.programmes) if field.options == "programmes" else dict(field.options)


def _titles(items: Iterable) -> dict[str, str]:
    return {item.key: item.title for item in items}
