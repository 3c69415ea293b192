"""One rule as a form: when, if, then. The form is its own state: it comes anew from what is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from voronka.process import document, parts
from voronka.process.labels import choice
from voronka.process.schema import Rule
from voronka.process.steps import STEPS, BaseStep
from voronka.process.triggers import DEAL, TRIGGERS, BaseTrigger, TimedTrigger, Trigger

from . import conditionform
from .conditionform import Conditions
from .inputs import Input, Maker

_WHEN = {trigger.model_fields["event"].annotation.__args__[0]: trigger for trigger in TRIGGERS}  # type: ignore[union-attr]
_THEN = {step.model_fields["do"].annotation.__args__[0]: step for step in STEPS}  # type: ignore[union-attr]
#: Keys of a rule beside when, if and then.
_ALSO = frozenset({"key", "title", "when", "if", "then"})
FIRST_EVENT, FIRST_STEP = "stage_time", "create_task"


@dataclass(frozen=True, kw_only=True)
class StepForm:
    number: int
    kind: str
    inputs: Sequence[Input]
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleForm:
    """`data`: the rule as the document writes it; `rule`: typed, None while something is missing."""

    data: Mapping[str, Any]
    rule: Rule | None
    title: str
    event: str
    when: Sequence[Input]
    when_error: str
    steps: Sequence[StepForm]
    conditions: Conditions
    also: Sequence[Input]
    errors: Mapping[str, str]
    cancels: str = ""

    @property
    def events(self) -> list[tuple[str, str]]:
        return sorted(((kind, choice(kind, "event")) for kind in _offered(_WHEN, self.event)), key=lambda one: one[1])

    @property
    def dos(self) -> list[tuple[str, str]]:
        used = {step.kind for step in self.steps}
        return sorted(((kind, choice(kind, "do")) for kind in _offered(_THEN, *used)), key=lambda one: one[1])


def _offered(table: Mapping[str, type[BaseTrigger] | type[BaseStep]], *used: str) -> list[str]:
    """What is at work here, and what the rule has already."""
    return [kind for kind, part in table.items() if kind in used or parts.is_at_work(part.part)]


def blank(stage: str, maker: Maker) -> dict[str, Any]:
    """A new rule of a stage, ready to be changed."""
    kinds = [kind.key for kind in maker.process.task_kinds]
    return {
        "key": "",
        "title": "",
        "when": {"event": FIRST_EVENT, "stages": [stage] if stage else [], "after": "1 day"},
        "then": [
            {"do": FIRST_STEP, "kind": kinds[0] if kinds else "", "title": "", "due": "1 day", "for": "responsible"}
        ],
    }


def of_data(data: Mapping[str, Any], maker: Maker) -> RuleForm:
    """The form of a rule that stands in the document, or of a blank one."""
    conditions = conditionform.of_wire(data.get("if"), maker.process, _subject(data["when"]))
    return _form(data, conditions, maker, fresh=not data.get("key"))


def read(asked: QueryDict, maker: Maker, *, key: str) -> RuleForm:
    """The form as it is typed; `act` says which button was pressed."""
    act = asked.get("act", "")
    event = asked.get("when.event", FIRST_EVENT)
    trigger = _WHEN.get(event, _WHEN[FIRST_EVENT])
    when = {"event": event, **maker.read(trigger, asked, prefix="when.", hidden=frozenset({"event"}))}
    conditions = conditionform.read(asked, maker.process, act=act, subject=_subject(when))
    data: dict[str, Any] = {"key": key, "title": asked.get("title", "").strip(), "when": when}
    if conditions.wire:
        data["if"] = conditions.wire
    data["then"] = _steps(asked, maker, act)
    data |= maker.read(Rule, asked, prefix="also.", hidden=_ALSO)
    return _form(data, conditions, maker, fresh=bool(act))


def _subject(when: Mapping[str, Any]) -> str:
    """What the rule is about, as far as its trigger can be read."""
    try:
        return TypeAdapter(Trigger).validate_python(when).subject
    except ValidationError:
        return DEAL


def _steps(asked: QueryDict, maker: Maker, act: str) -> list[dict[str, Any]]:
    count = asked.get("steps", "0")
    found = []
    for number in range(int(count) if count.isdecimal() and len(count) < 3 else 0):
        if act == f"drop-step-{number}":
            continue
        kind = asked.get(f"then.{number}.do", FIRST_STEP)
        step = _THEN.get(kind, _THEN[FIRST_STEP])
        given = maker.read(step, asked, prefix=f"then.{number}.", hidden=frozenset({"do"}))
        found.append({"do": kind, **given})
    if act == "add-step":
        found.append({"do": "notify" if any(one["do"] == FIRST_STEP for one in found) else FIRST_STEP})
    return found


def _form(data: Mapping[str, Any], conditions: Conditions, maker: Maker, *, fresh: bool) -> RuleForm:
    """`fresh`: what is not filled in yet is not told as an error."""
    rule, errors = _typed(data)
    told = {} if fresh else errors
    event = data["when"]["event"]
    trigger = _WHEN.get(event, _WHEN[FIRST_EVENT])
    return RuleForm(
        data=data,
        rule=None if conditions.broken else rule,
        title=str(data.get("title", "")),
        event=event,
        when=maker.inputs(
            trigger, data["when"], prefix="when.", errors=_below(told, "when"), hidden=frozenset({"event"})
        ),
        when_error=told.get("when", ""),
        steps=[_step(number, one, maker, told) for number, one in enumerate(data["then"])],
        conditions=conditions,
        also=maker.inputs(Rule, data, prefix="also.", errors=told, hidden=_ALSO),
        errors=told,
        cancels=rule.when.cancels() if rule and isinstance(rule.when, TimedTrigger) else "",
    )


def _step(number: int, data: Mapping[str, Any], maker: Maker, errors: Mapping[str, str]) -> StepForm:
    kind = str(data["do"])
    part = _THEN.get(kind, _THEN[FIRST_STEP])
    place = f"then.{number}"
    made = maker.inputs(part, data, prefix=f"{place}.", errors=_below(errors, place), hidden=frozenset({"do"}))
    return StepForm(number=number, kind=kind, inputs=made, error=errors.get(place, ""))


def _typed(data: Mapping[str, Any]) -> tuple[Rule | None, dict[str, str]]:
    """The rule, or what is wrong with it: «then.0.due» → a sentence. Key and title are made when it is kept."""
    given = {**data, "key": data.get("key") or "rule", "title": data.get("title") or "—"}
    try:
        return TypeAdapter(Rule).validate_python(given), {}
    except ValidationError as error:
        return None, {_place(problem["loc"]): document.words(problem) for problem in error.errors()}


def _place(location: Sequence[Any]) -> str:
    """Where the form shows it: names of union members are left out."""
    kinds = set(_WHEN) | set(_THEN)
    parts = [str(one) for one in location if one not in kinds]
    return ".".join(parts[:3] if parts[:1] == ["then"] else parts[:2])


def _below(errors: Mapping[str, str], place: str) -> dict[str, str]:
    return {key.removeprefix(f"{place}."): text for key, text in errors.items() if key.startswith(f"{place}.")}


def named(data: Mapping[str, Any], form: RuleForm) -> str:
    """The title of a rule that was given none: what it does first."""
    first = form.steps[0] if form.steps else None
    given = str(data["then"][0].get("title", "")) if data["then"] else ""
    return given or (choice(first.kind, "do").capitalize() if first else _("Rule"))
