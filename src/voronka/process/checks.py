"""What a typed document may still get wrong: references to nothing, doubled keys, dead ends, rules without effect.

Each check is a function of the process that yields findings; `CHECKS` is their list.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from . import conditions, values
from .schema import Funnel, Process
from .steps import CreateTask, Move
from .steps._tasks import ClosingStep
from .triggers import StageTime
from .values import Written

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    path: Path
    text: str


def run(process: Process) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(process)]


def doubled_keys(process: Process) -> Iterator[Finding]:
    """Two things of one kind with one key."""
    for path, items in _lists(process, ()):
        seen: set[str] = set()
        for index, item in enumerate(items):
            key = getattr(item, "key", None)
            if key is not None and key in seen:
                yield Finding((*path, index, "key"), _("The key «{key}» is used twice.").format(key=key))
            seen.add(key or "")


def dangling_references(process: Process) -> Iterator[Finding]:
    """A key of something that isn't declared."""
    for path, written in _written(process, ()):
        for kind, key in written.refers():
            if not process.outline.knows(kind, key):
                yield Finding(path, _unknown(kind, key))


def conditions_can_be_asked(process: Process) -> Iterator[Finding]:
    """Conditions over fields that are there, with operators and values that fit."""
    for index, rule in enumerate(process.rules):
        if rule.if_ is None:
            continue
        missing = [ref for ref in conditions.references(rule.if_) if not process.outline.knows(*ref)]
        for kind, key in missing:
            yield Finding(("rules", index, "if"), _unknown(kind, key))
        if not missing and (text := conditions.mistake(rule.if_, process)):
            yield Finding(("rules", index, "if"), text)


def _unknown(kind: str, key: str) -> str:
    sentence = {
        values.STAGE: _("There is no stage «{key}»."),
        values.FUNNEL: _("There is no funnel «{key}»."),
        values.ROLE: _("There is no role «{key}»."),
        values.FIELD: _("There is no deal field «{key}»."),
        values.TASK_KIND: _("There is no kind of tasks «{key}»."),
        values.RULE: _("There is no rule «{key}»."),
        values.BRAND: _("There is no brand «{key}»."),
        values.LOCATION: _("There is no location «{key}»."),
        values.CALENDAR: _("There is no calendar «{key}»."),
        values.TEMPLATE: _("There is no message template «{key}»."),
        values.SEGMENT: _("There is no segment «{key}»."),
        values.REASON: _("No funnel has the reason of loss «{key}»."),
        values.PLACEHOLDER: _("Nothing is known to put in place of {{{key}}}."),
    }[kind]
    return sentence.format(key=key)


def funnels_lead_somewhere(process: Process) -> Iterator[Finding]:
    """Every funnel starts, works and ends; unsorted stands first and alone."""
    for index, funnel in enumerate(process.funnels):
        path: Path = ("funnels", index, "stages")
        meanings = [stage.meaning for stage in funnel.stages]
        if "open" not in meanings:
            yield Finding(path, _("The funnel «{title}» has no stage to work on.").format(title=funnel.title))
        if not {"won", "lost"} & set(meanings):
            yield Finding(
                path,
                _("There is no way out of the funnel «{title}»: add a won or a lost stage.").format(title=funnel.title),
            )
        yield from _order(path, funnel)


def _order(path: Path, funnel: Funnel) -> Iterator[Finding]:
    closed = False
    for index, stage in enumerate(funnel.stages):
        if stage.meaning == "unsorted" and index:
            yield Finding((*path, index), _("Unsorted inquiries belong to the first stage."))
        if closed and stage.meaning == "open":
            yield Finding(
                (*path, index),
                _("Nobody gets to «{title}»: it stands after a closing stage.").format(title=stage.title),
            )
        closed = closed or stage.meaning in ("won", "lost")


def losses_have_reasons(process: Process) -> Iterator[Finding]:
    for index, funnel in enumerate(process.funnels):
        if any(stage.meaning == "lost" for stage in funnel.stages) and not funnel.loss_reasons:
            yield Finding(
                ("funnels", index),
                _("The funnel «{title}» can be lost but has no reasons of loss.").format(title=funnel.title),
            )


def inquiries_have_a_way(process: Process) -> Iterator[Finding]:
    if process.funnels and process.intake is None:
        yield Finding((), _("«{key}» is missing.").format(key="intake"))


def somebody_manages(process: Process) -> Iterator[Finding]:
    if process.roles and not any("manage_people" in role.may for role in process.roles):
        yield Finding(("roles",), _("No role may manage people: everybody would be locked out."))


def rules_do_something(process: Process) -> Iterator[Finding]:
    """Rules that can't fire, or close tasks that nobody makes."""
    making = {rule.key for rule in process.rules for step in rule.then if isinstance(step, CreateTask)}
    for index, rule in enumerate(process.rules):
        if isinstance(rule.when, StageTime) and rule.when.until == "taken" and _only_for_taken(process, rule.when):
            yield Finding(
                ("rules", index, "when"),
                _("This rule can never fire: a deal on this stage is always taken."),
            )
        for number, step in enumerate(rule.then):
            for key in step.rules if isinstance(step, ClosingStep) else ():
                if key not in making and process.outline.knows(values.RULE, key):
                    yield Finding(
                        ("rules", index, "then", number, "rules"),
                        _("The rule «{key}» makes no tasks, so there is nothing to close.").format(key=key),
                    )


def moves_are_possible(process: Process) -> Iterator[Finding]:
    """A loss by a rule names a reason that its funnel has."""
    reasons = {funnel.key: {reason.key for reason in funnel.loss_reasons} for funnel in process.funnels}
    for index, rule in enumerate(process.rules):
        for number, step in enumerate(rule.then):
            stage = process.stages.get(step.to) if isinstance(step, Move) else None
            if not isinstance(step, Move) or stage is None or (stage.meaning != "lost" and step.reason is None):
                continue
            if step.reason not in reasons[step.to.split("/")[0]]:
                path: Path = ("rules", index, "then", number, "reason")
                yield Finding(path, _("Name a reason of loss that the funnel has."))


def _only_for_taken(process: Process, when: StageTime) -> bool:
    """Whoever moves a deal past the unsorted stage owns it."""
    stages = [process.stages[ref] for ref in when.stages if ref in process.stages]
    return bool(stages) and all(stage.meaning != "unsorted" for stage in stages)


CHECKS: tuple[Callable[[Process], Iterable[Finding]], ...] = (
    doubled_keys,
    dangling_references,
    conditions_can_be_asked,
    funnels_lead_somewhere,
    losses_have_reasons,
    inquiries_have_a_way,
    somebody_manages,
    rules_do_something,
    moves_are_possible,
)


def _children(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield (*path, field.alias or name), getattr(node, name)
    elif isinstance(node, list | tuple):
        for index, item in enumerate(node):
            yield (*path, index), item
    elif isinstance(node, dict):
        for key, item in node.items():
            yield (*path, str(key)), key
            yield (*path, str(key)), item


def _written(node: Any, path: Path) -> Iterator[tuple[Path, Written]]:
    if isinstance(node, Written):
        yield path, node
    for deeper, child in _children(node, path):
        yield from _written(child, deeper)


def _lists(node: Any, path: Path) -> Iterator[tuple[Path, list]]:
    if isinstance(node, list):
        yield path, node
    for deeper, child in _children(node, path):
        yield from _lists(child, deeper)
