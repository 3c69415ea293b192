"""Reads of the process: the active document, where inquiries go, what a rule will do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils.translation import gettext as _

from voronka.deals.models import Deal, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.errors import Refusal
from voronka.staff.models import Brand, Location
from voronka.tasks.models import TaskKind

from . import conditions, document, values
from .models import Version
from .schema import Process, Rule
from .steps import Assign, CancelTasks, CompleteTasks, OfRole, Work, fill
from .triggers import DealEnteredStage, StageTime


@dataclass(frozen=True, kw_only=True)
class IntakeRoutes:
    """`new`: of a client nobody knows; `repeat`: of a known one without an open deal."""

    new: Funnel
    repeat: Funnel


@dataclass(frozen=True, kw_only=True)
class Places:
    """Rows of the document: stage id → «funnel/stage», funnel id → key, kind of tasks by key.

    `ids`: the other way round, by what is named: a stage, a funnel, a brand, a location.
    """

    stages: Mapping[int, str] = field(default_factory=dict)
    funnels: Mapping[int, str] = field(default_factory=dict)
    task_kinds: Mapping[str, TaskKind] = field(default_factory=dict)
    ids: conditions.Ids = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InForce:
    """`version`: its id, None before the first run. `aside`: keys of rules that raised and wait for people."""

    version: int | None
    process: Process
    places: Places
    aside: frozenset[str]

    def wants(self, rule: Rule, deal: Deal) -> bool:
        """Whether the deal fulfils the rule's condition now."""
        return rule.if_ is None or conditions.passes(rule.if_, deal, self.process, self.places.ids)


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """What will happen to a deal by itself. `at` is None when it waits for a move, then `cancels` says for which."""

    at: datetime | None
    text: str
    cancels: str
    rule: str


def active() -> Process:
    """The document in force; an empty one before the first run. One small query."""
    return in_force().process


def in_force() -> InForce:
    """The document, its rows and what is set aside, in one small query: every event of a deal asks this."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE)
        row = cursor.fetchone()
    if row is None:
        return InForce(version=None, process=Process(), places=Places(), aside=frozenset())
    version, aside = row
    return InForce(version=version, process=_process(version), places=_places(version), aside=frozenset(aside))


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


def what_next(deal: Deal) -> list[Upcoming]:
    """What rules will do with this deal: timed ones by time, then those that wait for the next stage."""
    if deal.closed_at is not None:
        return []
    now = in_force()
    process, ref = now.process, now.places.stages.get(deal.stage_id, "")
    rules = [rule for rule in process.rules if rule.key not in now.aside and now.wants(rule, deal)]
    timed = [coming for rule in rules if (coming := _timed(rule, deal, ref, process))]
    timed.sort(key=lambda coming: coming.at or clock.now())
    return timed + _on_next_stage(rules, ref, process, deal)


def drop_hints(stages: Sequence[Stage], *, asks: Mapping[str, str] | None = None) -> dict[int, str]:
    """What a move to each stage will ask and do, in a few words, by its id: shown over the columns before the drop.

    `asks`: titles of fields by key; without them only what will be done is told. One query.
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


def _timed(rule: Rule, deal: Deal, ref: str, process: Process) -> Upcoming | None:
    when = rule.when
    if not isinstance(when, StageTime) or ref not in when.stages or not when.applies(deal):
        return None
    at = when.next_at(deal.stage_entered_at, clock.now())
    if at is None:
        return None
    return Upcoming(at=at, text=_promise(rule, process, deal, at), cancels=when.cancels(), rule=rule.key)


def _on_next_stage(rules: list[Rule], ref: str, process: Process, deal: Deal) -> list[Upcoming]:
    """Rules of the coming stage: what a person sets off by moving the deal on."""
    refs = [name for name, stage in process.stages.items() if name.split("/")[0] == ref.split("/")[0]]
    later = refs[refs.index(ref) + 1 :] if ref in refs else []
    following = next((name for name in later if process.stages[name].meaning in ("open", "won")), None)
    if following is None:
        return []
    when = _("when the deal comes to {stage}").format(stage=process.outline.quoted(values.STAGE, following))
    heard = [rule for rule in rules if isinstance(rule.when, DealEnteredStage) and following in rule.when.stages]
    promises = [(rule.key, _promise(rule, process, deal, clock.now())) for rule in heard]
    return [Upcoming(at=None, text=text, cancels=when, rule=key) for key, text in promises if text]


def _promise(rule: Rule, process: Process, deal: Deal, at: datetime) -> str:
    """What the rule will do with this deal then, without its housekeeping."""
    told = [step for step in rule.then if not isinstance(step, CompleteTasks | CancelTasks)]
    text = "; ".join(step.sentence(process.outline) for step in told)
    by = actor.system("promise")
    work = Work(
        deal=deal, company=deal.company, rule=rule.key, title=rule.title, by=by, now=at, due_at=at, process=process
    )
    return fill(work, text[:1].upper() + text[1:])


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


@lru_cache(maxsize=8)
def _places(version: int) -> Places:
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
