"""Reads of the process: the active document, where inquiries go, what a move will set off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from voronka.deals.models import Funnel, Stage
from voronka.kernel import shelf
from voronka.kernel.errors import Refusal
from voronka.staff.models import Brand, Location
from voronka.tasks.models import TaskKind

from . import conditions, document, values
from .models import BrokenRule, Version
from .schema import Process, Rule
from .steps import Assign, OfRole
from .triggers import DealEnteredStage


@dataclass(frozen=True, kw_only=True)
class IntakeRoutes:
    """`new`: of a client nobody knows; `repeat`: of a known one without an open deal."""

    new: Funnel
    repeat: Funnel


@dataclass(frozen=True, kw_only=True)
class Places:
    """Rows of the document: stage id → «funnel/stage», funnel id → key, kind of tasks by key.

    `ids`: the other way round, by what is named: a stage, a funnel, a brand, a location. `asked`: conditions of rules
    that were read already.
    """

    stages: Mapping[int, str] = field(default_factory=dict)
    funnels: Mapping[int, str] = field(default_factory=dict)
    task_kinds: Mapping[str, TaskKind] = field(default_factory=dict)
    ids: conditions.Ids = field(default_factory=dict)
    asked: dict[str, conditions.Asked] = field(default_factory=dict)

    @property
    def stage_ids(self) -> Mapping[str, int]:
        return self.ids.get(values.STAGE, {})

    @property
    def funnel_ids(self) -> Mapping[str, int]:
        return self.ids.get(values.FUNNEL, {})


@dataclass(frozen=True, kw_only=True)
class InForce:
    """`version`: its id, None before the first run. `aside`: keys of rules that raised and wait for people."""

    version: int | None
    process: Process
    places: Places
    aside: frozenset[str]

    def rule(self, key: str) -> Rule:
        return self.process.rules_by_key[key]

    def wants(self, rule: Rule, row: Model | None) -> bool:
        """Whether the deal, or the client of a rule about clients, fulfils the rule's condition now."""
        if rule.if_ is None or row is None:
            return rule.if_ is None
        return self._asked(rule).passes(row)

    def fitting(self, rule: Rule, rows: QuerySet) -> QuerySet:
        """Those of the rows that fulfil it."""
        return rows if rule.if_ is None else self._asked(rule).among(rows)

    def _asked(self, rule: Rule) -> conditions.Asked:
        """Read once a version: a rule is asked with every event it hears. What screens can change is read each time."""
        if rule.key not in self.places.asked:
            found = conditions.asked(rule.if_, self.process, self.places.ids, rule.subject)
            if found.of_screen:
                return found
            self.places.asked[rule.key] = found
        return self.places.asked[rule.key]


def active() -> Process:
    """The document in force; an empty one before the first run."""
    return in_force().process


def _read_in_force() -> InForce:
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE)
        row = cursor.fetchone()
    if row is None:
        return InForce(version=None, process=Process(), places=Places(), aside=frozenset())
    version, aside = row
    return InForce(version=version, process=_process(version), places=_places(), aside=frozenset(aside))


#: The document, its rows and what is set aside: every event of a deal asks this.
in_force = shelf.Kept(_read_in_force, Version, BrokenRule, Funnel, Stage, TaskKind, Brand, Location)

_IN_FORCE = "SELECT id, ARRAY(SELECT rule FROM process_brokenrule) FROM process_version WHERE is_active"


def intake_routes() -> IntakeRoutes:
    """Funnels for inquiries. Raises Refusal when the company has no process yet."""
    version = in_force().version
    routes = _routes(version) if version else None
    if routes is None:
        raise Refusal(_("The company has no process yet: finish the first run."))
    return routes


def rule_title(key: str) -> str:
    """Title of a rule for «by the rule …»; its key when the rule is gone."""
    return active().outline.title(values.RULE, key)


def drop_hints(stages: Sequence[Stage], *, asks: Mapping[str, str] | None = None) -> dict[int, str]:
    """What a move to each stage will ask and do, in a few words, by its id: shown over the columns before the drop.

    `asks`: titles of fields by key; without them only what will be done is told.
    """
    now = in_force()
    refs = now.places.stages
    return {stage.pk: _drop_hint(stage, refs.get(stage.pk, ""), now.process, asks or {}) for stage in stages}


def _drop_hint(stage: Stage, ref: str, process: Process, asks: Mapping[str, str]) -> str:
    if stage.meaning == Stage.Meaning.LOST:
        return _("We will ask the reason")
    hints = []
    if titles := [asks[key].lower() for key in stage.required if key in asks]:
        hints.append(_("We will ask: {fields}").format(fields=", ".join(titles)))
    for rule in process.rules:
        if isinstance(rule.when, DealEnteredStage) and ref in rule.when.stages:
            hints += [
                _("Goes to: {role}").format(role=step.to.words(process.outline))
                for step in rule.then
                if isinstance(step, Assign) and isinstance(step.to, OfRole)
            ]
    return ". ".join(hints)


def version_process(version: int) -> Process:
    """The process of any version, parsed once."""
    return _process(version)


@lru_cache(maxsize=8)
def _process(version: int) -> Process:
    return document.trusted(Version.objects.values_list("document", flat=True).get(pk=version))


@lru_cache(maxsize=8)
def _routes(version: int) -> IntakeRoutes | None:
    intake = _process(version).intake
    if intake is None:
        return None
    keys = {intake.new, intake.repeat or intake.new}
    funnels = {funnel.key: funnel for funnel in Funnel.objects.filter(key__in=keys).prefetch_related("stages")}
    return IntakeRoutes(new=funnels[intake.new], repeat=funnels[intake.repeat or intake.new])


def _places() -> Places:
    rows = Stage.objects.values_list("pk", "funnel__key", "key")
    stages = {pk: f"{funnel}/{key}" for pk, funnel, key in rows}
    funnels = dict(Funnel.objects.values_list("pk", "key"))
    return Places(
        stages=stages,
        funnels=funnels,
        task_kinds={kind.key: kind for kind in TaskKind.objects.all()},
        ids={
            values.STAGE: {ref: pk for pk, ref in stages.items()},
            values.FUNNEL: {key: pk for pk, key in funnels.items()},
            values.BRAND: dict(Brand.objects.values_list("key", "pk")),
            values.LOCATION: dict(Location.objects.values_list("key", "pk")),
        },
    )
