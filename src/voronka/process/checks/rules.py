"""Rules one by one: they can fire, their conditions can hold, what they close or name is there."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .. import values
from ..schema import Process, Rule
from ..steps import CreateTask, Move
from ..steps._tasks import ClosingStep
from ..triggers import DealEnteredStage, StageTime
from ._base import WARNING, Cure, Finding, Path, stages_of, steps, targets


def rules_can_fire(process: Process) -> Iterator[Finding]:
    """A timer that stops before it begins, or that another rule forestalls."""
    for index, rule in enumerate(process.rules):
        path: Path = ("rules", index, "when")
        when = rule.when
        if not isinstance(when, StageTime):
            continue
        if when.until == "taken" and _only_for_taken(process, when):
            yield Finding(
                path, _("This rule can never fire: a deal on this stage is always taken."),
                remedy=_("Leave out «until», or name the unsorted stage."),
            )  # fmt: skip
        elif earlier := _forestalled(process, rule):
            yield Finding(
                path,
                _("This rule can never fire: «{rule}» moves the deal away before.").format(rule=earlier.title),
                remedy=_("Make its time shorter, or give the other rule a condition."),
            )


def _only_for_taken(process: Process, when: StageTime) -> bool:
    """Whoever moves a deal past the unsorted stage owns it."""
    stages = [process.stages[ref] for ref in when.stages if ref in process.stages]
    return bool(stages) and all(stage.meaning != "unsorted" for stage in stages)


def _forestalled(process: Process, rule: Rule) -> Rule | None:
    """A rule without a condition that moves deals off every stage of this timer before it is due."""
    assert isinstance(rule.when, StageTime)
    for other in process.rules:
        if other is rule or other.if_ is not None or not any(isinstance(step, Move) for step in other.then):
            continue
        covers = set(stages_of(rule.when)) <= set(stages_of(other.when))
        leaves = not any(targets(step) & set(stages_of(rule.when)) for step in other.then if isinstance(step, Move))
        if covers and leaves and _sooner(other, rule.when):
            return other
    return None


def _sooner(other: Rule, than: StageTime) -> bool:
    if isinstance(other.when, DealEnteredStage):
        return True
    return (
        isinstance(other.when, StageTime) and other.when.until == "left" and other.when.after.delta < than.after.delta
    )


def conditions_can_hold(process: Process) -> Iterator[Finding]:
    """A condition about the stage that the trigger rules out."""
    for index, rule in enumerate(process.rules):
        here = set(stages_of(rule.when))
        if not here or rule.if_ is None:
            continue
        for condition in _all_of(rule.if_):
            asked = _asked_stages(condition, process)
            if asked is not None and not asked & here:
                yield Finding(
                    ("rules", index, "if"),
                    _("This rule can never fire: its condition names another stage than its trigger."),
                    remedy=_("Leave the stage out of the condition."),
                )


def _all_of(wire: Any) -> list:
    if isinstance(wire, list | tuple) and wire and wire[0] == "all":
        return [one for part in wire[1:] for one in _all_of(part)]
    return [wire]


def _asked_stages(condition: Any, process: Process) -> set[str] | None:
    """Stages that a simple condition leaves possible; None when it says nothing of stages."""
    if not isinstance(condition, list | tuple) or len(condition) != 3 or condition[1] not in ("=", "in"):
        return None
    field, _op, value = condition
    wanted = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value)}
    if field == "stage":
        return wanted
    if field == "funnel":
        return {ref for ref in process.stages if ref.split("/")[0] in wanted}
    if field == "state":
        return {ref for ref, stage in process.stages.items() if stage.meaning in wanted}
    return None


def tasks_to_close_are_made(process: Process) -> Iterator[Finding]:
    making = {rule.key for _path, rule, step in steps(process) if isinstance(step, CreateTask)}
    for path, _rule, step in steps(process):
        for key in step.rules if isinstance(step, ClosingStep) else ():
            if key not in making and process.outline.knows(values.RULE, key):
                yield Finding(
                    (*path, "rules"),
                    _("The rule «{key}» makes no tasks, so there is nothing to close.").format(key=key),
                    remedy=_("Name a rule that creates a task."),
                )


def moves_are_possible(process: Process) -> Iterator[Finding]:
    """A loss by a rule names a reason that its funnel has."""
    reasons = {funnel.key: {reason.key for reason in funnel.loss_reasons} for funnel in process.funnels}
    for path, _rule, step in steps(process):
        stage = process.stages.get(step.to) if isinstance(step, Move) else None
        if not isinstance(step, Move) or stage is None or (stage.meaning != "lost" and step.reason is None):
            continue
        if step.reason not in reasons[step.to.split("/")[0]]:
            known = ", ".join(sorted(reasons[step.to.split("/")[0]])) or "—"
            yield Finding(
                (*path, "reason"), _("Name a reason of loss that the funnel has."),
                remedy=_("It has: {reasons}.").format(reasons=known),
            )  # fmt: skip


def tasks_are_not_doubled(process: Process) -> Iterator[Finding]:
    """Two rules that give the same person the same kind of task on one stage, the second whatever is open."""
    first: dict[tuple[str, str, str], Rule] = {}
    for path, rule, step in steps(process):
        if not isinstance(step, CreateTask) or rule.if_ is not None:
            continue
        for stage in stages_of(rule.when):
            key = (stage, str(step.kind), str(step.for_))
            other = first.setdefault(key, rule)
            if other is not rule and not step.unless_open and not _closes(rule, other):
                yield Finding(
                    path,
                    _("A second task about one thing: «{rule}» makes one of this kind on the same stage.").format(
                        rule=other.title
                    ),
                    remedy=_("Don't make it while such a task is open."),
                    level=WARNING,
                    cure=Cure(path=(*path, "unless_open"), value=True, text=_("Not when such a task is open")),
                )
                break


def _closes(rule: Rule, other: Rule) -> bool:
    return any(isinstance(step, ClosingStep) and other.key in step.rules for step in rule.then)
