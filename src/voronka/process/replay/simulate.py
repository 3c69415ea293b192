"""One deal through one document. Pure but for related rows that conditions ask about.

People's moves stay as they were: after each the deal stands where it really stood. Between them rules do what they
would have done: a deal that a rule moves is followed on its new stage until the next real move.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

from voronka.deals.rules import MoveFacts, check_move
from voronka.kernel.calendars import due

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
from ..triggers import DateField, Happening, StageTime
from .past import Happened, Past, Stay
from .world import World

#: No deeper than the engine goes, and no more turns of one timer on one stay than anybody reads.
DEEP, TURNS = 8, 50

KINDS: tuple[tuple[type[BaseStep], str], ...] = (
    (CreateTask, "task"),
    (SendMessage, "message"),
    (Move, "move"),
    (MoveFunnel, "move"),
    (OpenDeal, "deal"),
    (Notify, "notice"),
)
STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Effect:
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
    for at, what in _in_order(past, deal):
        if isinstance(what, Stay):
            _stay(deal, what)
        elif isinstance(what, Happened):
            _event(deal, what)
        else:
            _fire(deal, what, at, depth=0)
    return deal.found


def _in_order(past: Past, deal: _Deal) -> Iterator[tuple[datetime, Stay | Happened | Rule]]:
    """Stays, events and moments of date fields by time; a stay begins before the event that tells of it is heard."""
    moments: list[tuple[datetime, int, Stay | Happened | Rule]] = []
    for stay in past.stays:
        if stay.left_at is None or stay.left_at >= deal.since:
            moments.append((stay.entered_at, 0, stay))
    moments += [(one.at, 1, one) for one in past.events]
    moments += [(at, 2, rule) for rule in deal.world.dated if (at := _moment(rule, past, deal))]
    moments.sort(key=lambda one: one[:2])
    for at, _rank, what in moments:
        yield at, what


def _moment(rule: Rule, past: Past, deal: _Deal) -> datetime | None:
    """When a date of the deal makes a rule fire, if that lies in the window and the deal is where the rule wants it."""
    when = rule.when
    assert isinstance(when, DateField)
    at = moment_of(when, past, deal.world)
    if at is None or not deal.since <= at < deal.end:
        return None
    stay = next((one for one in past.stays if one.entered_at <= at and (one.left_at is None or at < one.left_at)), None)
    ref = deal.world.ground.refs.get(stay.stage_id, "") if stay else ""
    funnel = ref.split("/")[0]
    fits = (not when.stages or ref in when.stages) and (not when.funnels or funnel in when.funnels)
    return at if ref and fits else None


def moment_of(when: DateField, past: Past, world: World) -> datetime | None:
    day = past.deal.fields.get(when.at.field)
    if not isinstance(day, str) or not day:
        return None
    hour = when.at.clock.strftime("%H:%M") if when.at.clock else past.deal.fields.get(when.at.clock_field) or "12:00"
    try:
        at = datetime.fromisoformat(day if "T" in day else f"{day}T{hour}")
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=world.ground.zone)
    return at + when.at.shift


def _stay(deal: _Deal, stay: Stay) -> None:
    """The deal really stands on a stage: its timers run till it really leaves."""
    deal.stage = deal.world.ground.refs.get(stay.stage_id, "")
    deal.until = stay.left_at or deal.end
    _timers(deal, stay.entered_at, depth=0)


def _timers(deal: _Deal, entered_at: datetime, *, depth: int) -> None:
    until = min(deal.until or deal.end, deal.end)
    for rule in deal.world.timers.get(deal.stage, ()):
        when = rule.when
        assert isinstance(when, StageTime)
        stop = until
        if when.until == "taken" and deal.past.deal.taken_at:
            stop = min(stop, deal.past.deal.taken_at)
        calendar = deal.world.calendar(deal.stage, when.clock)
        at, turns = due(entered_at, when.after.length, calendar), 0
        while at < stop and turns < TURNS:
            if at >= deal.since:
                _fire(deal, rule, at, depth=depth)
                turns += 1
            if when.every is None:
                break
            at = due(at, when.every.length, calendar)


def _event(deal: _Deal, happened: Happened) -> None:
    """Something really happened: guards are asked of a move, rules that hear it fire."""
    if happened.kind == "deal.moved":
        _guard(deal, happened)
    if happened.kind == "task.done":
        _close(deal, [str(happened.data.get("kind", ""))], [], everything=False)
    refs = deal.world.ground.refs
    ref = refs.get(happened.stage_id or 0, "")
    _hear(deal, happened, ref, refs.get(happened.data.get("from_id") or 0, ""), happened.at, depth=0)


def _hear(deal: _Deal, happened: Happened, ref: str, left: str, at: datetime, *, depth: int) -> None:
    rules = deal.world.process.hearing(happened.kind, ref.split("/")[0], ref)
    if not rules:
        return
    happening = Happening(happened, funnel=ref.split("/")[0], stage=ref, left=left)  # type: ignore[arg-type]
    for rule in rules:
        if happening.aimed_at(rule.key) and rule.when.matches(happening):
            _fire(deal, rule, at, depth=depth)


def _fire(deal: _Deal, rule: Rule, at: datetime, *, depth: int) -> None:
    if at < deal.since or at >= deal.end or depth >= DEEP:
        return
    if rule.if_ is not None and not deal.world.wants(rule, _as_it_was(deal, at), at):
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
    kind = next((name for one, name in KINDS if isinstance(step, one)), "other")
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
    told = Happened(at, "deal.moved", "rule", None, None, None, {})
    _hear(deal, told, to, left, at, depth=depth + 1)
    if deal.stage == to:
        _timers(deal, at, depth=depth + 1)


def _close(deal: _Deal, kinds: Sequence[str], rules: Sequence[str], *, everything: bool) -> None:
    deal.tasks = [task for task in deal.tasks if not (everything or task.kind in kinds or task.rule in rules)]


def _guard(deal: _Deal, happened: Happened) -> None:
    """Whether a move that people made would be refused, or stopped to ask for more."""
    if happened.by_kind not in ("person", "api") or happened.at < deal.since:
        return
    world = deal.world
    here = world.ground.refs.get(happened.data.get("from_id") or 0, "")
    there = world.ground.refs.get(happened.stage_id or 0, "")
    if not here or not there or here.split("/")[0] != there.split("/")[0]:
        return
    if not _lets(deal, here, there, happened):
        deal.found.append(Effect(STUCK, there, 0, happened.at))


def _lets(deal: _Deal, here: str, there: str, happened: Happened) -> bool:
    facts, world = deal.world.stage_facts, deal.world
    if there not in facts:
        return False  # the document has no such stage any more
    if here not in facts:
        return True
    funnel = next(one for one in world.process.funnels if one.key == there.split("/")[0])
    low, high = sorted((facts[here].position, facts[there].position))
    between = [facts[f"{funnel.key}/{stage.key}"] for place, stage in enumerate(funnel.stages) if low < place < high]
    verdict = check_move(
        MoveFacts(
            here=facts[here],
            there=facts[there],
            between=between,
            only_forward=funnel.only_forward,
            no_skipping=funnel.no_skipping,
            next_step_required=False,  # what a person did about it then is not asked again
            has_next_step=True,
            filled=_filled(deal, happened.at),
            reason_needs_comment=False,
            has_comment=True,
            role=world.ground.roles.get(happened.person_id or 0, ""),
            approved=True,
        )
    )
    return verdict.allowed or (facts[there].meaning == "lost" and not verdict.refusal)


#: Columns that a stage may ask for; what they were then is not kept, so they count as they are now.
_COLUMNS = {"amount": "amount", "location": "location_id", "brand": "brand_id", "responsible": "responsible_id",
            "contact": "contact_id", "title": "title"}  # fmt: skip


def _filled(deal: _Deal, at: datetime) -> frozenset[str]:
    fields = deal.past.fields_at(at)
    own = {key for key, column in _COLUMNS.items() if getattr(deal.past.deal, column)}
    return frozenset({key for key, value in fields.items() if value not in (None, "", [])} | own)


def _as_it_was(deal: _Deal, at: datetime):
    """The deal with the fields it had then, on the stage where the simulation has it."""
    was = copy(deal.past.deal)
    was.fields = {**deal.past.fields_at(at), **deal.own}
    row = deal.world.ground.rows.get(deal.stage)
    if row is not None:
        was.stage, was.funnel_id = row, row.funnel_id
    was.closed_at = was.closed_at if was.closed_at and was.closed_at <= at else None
    was.taken_at = was.taken_at if was.taken_at and was.taken_at <= at else None
    return was
