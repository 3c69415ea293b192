"""One deal through one document. Pure but for related rows that conditions ask about.

People's moves stay as they were: after each the deal stands where it really stood. Between them rules do what they
would have done: a deal that a rule moves is followed on its new stage until the next real move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from voronka.kernel.calendars import due

from ..moments import moment_of
from ..schema import Rule
from ..steps import (
    BaseStep,
    CancelTasks,
    CompleteTasks,
    CreateTask,
    Move,
    MoveFunnel,
    Notify,
    OpenDeal,
    SendMessage,
    SetField,
    Wait,
)
from ..triggers import DateField, Happening
from .past import BY_TIME, Happened, Past, Stay
from .world import World

#: No deeper than the engine goes, and no more turns of one timer on one stay than anybody reads.
DEEP, TURNS = 8, 50

KINDS: Mapping[type[BaseStep], str] = {
    CreateTask: "task",
    SendMessage: "message",
    Move: "move",
    MoveFunnel: "move",
    OpenDeal: "deal",
    Notify: "notice",
}
STUCK = "stuck"


class Effect(NamedTuple):
    """What a rule would have done: its step by number. Of a refused move `rule` is the stage."""

    kind: str
    rule: str
    step: int
    at: datetime


@dataclass(slots=True)
class _Open:
    """An open task of the simulation."""

    kind: str
    rule: str


@dataclass(slots=True)
class _Deal:
    """The deal being followed. `until`: when the real history takes over again."""

    past: Past
    world: World
    since: datetime
    end: datetime
    stage: str = ""
    until: datetime | None = None
    tasks: list[_Open] = field(default_factory=list)
    found: list[Effect] = field(default_factory=list)
    own: dict = field(default_factory=dict)


def simulate(past: Past, world: World, *, since: datetime, end: datetime) -> list[Effect]:
    """What the rules of a document would have done to one deal between two moments."""
    deal = _Deal(past, world, since, end)
    for at, _rank, what in _in_order(deal):
        if isinstance(what, Happened):
            _event(deal, what)
        elif isinstance(what, Stay):
            _stay(deal, what)
        else:
            _fire(deal, what, at, depth=0)
    return deal.found


def _in_order(deal: _Deal) -> Sequence[tuple[datetime, int, Stay | Happened | Rule]]:
    """What was, and moments of date fields, by time."""
    dated = [(at, 2, rule) for rule in deal.world.dated if (at := _moment(rule, deal))]
    return sorted((*deal.past.moments, *dated), key=BY_TIME) if dated else deal.past.moments


def _moment(rule: Rule, deal: _Deal) -> datetime | None:
    """When a date of the deal makes a rule fire, if that lies in the window and the deal is where the rule wants it."""
    when = rule.when
    assert isinstance(when, DateField)
    at = moment_of(when.at, deal.past.deal.fields, deal.world.ground.zone)
    if at is None or not deal.since <= at < deal.end:
        return None
    stays = deal.past.stays
    stay = next((one for one in stays if one.entered_at <= at and (one.left_at is None or at < one.left_at)), None)
    ref = deal.world.ground.refs.get(stay.stage_id, "") if stay else ""
    funnel = ref.split("/")[0]
    fits = (not when.stages or ref in when.stages) and (not when.funnels or funnel in when.funnels)
    return at if ref and fits else None


def _stay(deal: _Deal, stay: Stay) -> None:
    """The deal really stands on a stage: its timers run till it really leaves."""
    deal.stage = deal.world.ground.refs.get(stay.stage_id, "")
    deal.until = stay.left_at or deal.end
    _timers(deal, stay.entered_at, depth=0)


def _timers(deal: _Deal, entered_at: datetime, *, depth: int) -> None:
    until = min(deal.until or deal.end, deal.end)
    for rule, after, every, until_taken, calendar in deal.world.timers.get(deal.stage, ()):
        stop = until
        if until_taken and deal.past.deal.taken_at:
            stop = min(stop, deal.past.deal.taken_at)
        at, turns = due(entered_at, after, calendar), 0
        while at < stop and turns < TURNS:
            if at >= deal.since:
                _fire(deal, rule, at, depth=depth)
                turns += 1
            if every is None:
                break
            at = due(at, every, calendar)


def _event(deal: _Deal, happened: Happened) -> None:
    """Something really happened: guards are asked of a move, rules that hear it fire."""
    refs = deal.world.ground.refs
    ref, left = refs.get(happened.stage_id or 0, ""), refs.get(happened.data.get("from_id") or 0, "")
    if happened.kind == "deal.moved":
        _guard(deal, happened, left, ref)
    elif happened.kind == "task.done":
        _close(deal, [str(happened.data.get("kind", ""))], [], everything=False)
    _hear(deal, happened, ref, left, happened.at, depth=0)


def _hear(deal: _Deal, happened: Happened, ref: str, left: str, at: datetime, *, depth: int) -> None:
    rules = deal.world.hearing(happened.kind, ref)
    if not rules:
        return
    happening = Happening(happened, funnel=ref.split("/")[0], stage=ref, left=left)  # type: ignore[arg-type]
    for rule in rules:
        if happening.aimed_at(rule.key) and rule.when.matches(happening):
            _fire(deal, rule, at, depth=depth)


def _fire(deal: _Deal, rule: Rule, at: datetime, *, depth: int) -> None:
    if at < deal.since or at >= deal.end or depth >= DEEP:
        return
    if rule.if_ is not None and not deal.world.wants(rule, _AsItWas(deal, at), at):
        return
    for number, step in enumerate(rule.then):
        if isinstance(step, Wait):
            later = _waited(deal, step, at)
            if later is None:
                return
            at = later
        else:
            _do(deal, rule, number, step, at, depth)


def _waited(deal: _Deal, step: Wait, at: datetime) -> datetime | None:
    """When the steps after a wait are done; None when something cancels them or it is not yet time."""
    calendar = deal.world.calendar(deal.stage, step.clock)
    later = due(at, step.for_.length, calendar) if step.for_ else at
    closed = deal.past.deal.closed_at
    gone = "left_stage" in step.unless and deal.until is not None and later >= deal.until
    shut = "closed" in step.unless and closed is not None and later >= closed
    return None if gone or shut or later >= deal.end else later


def _do(deal: _Deal, rule: Rule, number: int, step: BaseStep, at: datetime, depth: int) -> None:
    kind = KINDS.get(type(step), "other")
    if isinstance(step, CreateTask):
        if step.unless_open and any(task.kind == step.kind for task in deal.tasks):
            return
        deal.tasks.append(_Open(str(step.kind), rule.key))
    elif isinstance(step, CancelTasks | CompleteTasks):
        _close(deal, step.kinds, step.rules, everything=getattr(step, "all", False))
    elif isinstance(step, SetField):
        deal.own[str(step.field)] = str(step.value) if step.value else None
    elif isinstance(step, Move | MoveFunnel):
        if step.to == deal.stage:
            return
        deal.found.append(Effect(kind, rule.key, number, at))
        _moved(deal, str(step.to), at, depth)
        return
    deal.found.append(Effect(kind, rule.key, number, at))


def _moved(deal: _Deal, to: str, at: datetime, depth: int) -> None:
    """A rule takes the deal to another stage: its rules and timers go on there until the next real move."""
    left, deal.stage = deal.stage, to
    told = Happened(at, "deal.moved", "rule", None, None, {})
    _hear(deal, told, to, left, at, depth=depth + 1)
    if deal.stage == to:
        _timers(deal, at, depth=depth + 1)


def _close(deal: _Deal, kinds: Sequence[str], rules: Sequence[str], *, everything: bool) -> None:
    deal.tasks = [task for task in deal.tasks if not (everything or task.kind in kinds or task.rule in rules)]


def _guard(deal: _Deal, happened: Happened, here: str, there: str) -> None:
    """Whether a move that people made would be refused, or stopped to ask for more."""
    if happened.by_kind not in ("person", "api") or happened.at < deal.since:
        return
    if not here or not there or here.split("/")[0] != there.split("/")[0]:
        return
    role = deal.world.ground.roles.get(happened.person_id or 0, "")
    verdict = deal.world.verdict(here, there, role)
    if verdict.refusal or (verdict.missing and not _filled(deal, happened.at).issuperset(verdict.missing)):
        deal.found.append(Effect(STUCK, there, 0, happened.at))


#: Columns that a stage may ask for; what they were then is not kept, so they count as they are now.
_COLUMNS = {"amount": "amount", "location": "location_id", "brand": "brand_id", "responsible": "responsible_id",
            "contact": "contact_id", "title": "title"}  # fmt: skip


def _filled(deal: _Deal, at: datetime) -> frozenset[str]:
    fields = deal.past.fields_at(at)
    own = {key for key, column in _COLUMNS.items() if getattr(deal.past.deal, column)}
    return frozenset({key for key, value in fields.items() if value not in (None, "", [])} | own)


class _AsItWas:
    """A deal as conditions read it: with the fields it had then, on the stage where the simulation has it."""

    def __init__(self, deal: _Deal, at: datetime) -> None:
        self._now = now = deal.past.deal
        self.fields = {**deal.past.fields_at(at), **deal.own}
        row = deal.world.ground.rows.get(deal.stage)
        if row is not None:
            self.stage, self.stage_id, self.funnel_id = row, row.pk, row.funnel_id
        self.closed_at = now.closed_at if now.closed_at and now.closed_at <= at else None
        self.taken_at = now.taken_at if now.taken_at and now.taken_at <= at else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._now, name)
