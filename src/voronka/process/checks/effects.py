"""Rules together: what one does sets another off. Loops that nobody meant, and rules that undo each other."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..schema import Process, Rule
from ..steps import Assign, BaseStep, CancelTasks, CreateTask, Move, OpenDeal, SetField
from ..triggers import FieldChanged
from ._base import MISTAKE, WARNING, Finding, Path, stages_of, targets


def loops_are_meant(process: Process) -> Iterator[Finding]:
    """Rules that set each other off in a circle, none of which says `loops: true`; a condition may break it."""
    follows = {
        index: [other for other, after in enumerate(process.rules) if _sets_off(rule, after)]
        for index, rule in enumerate(process.rules)
    }
    for circle in _circles(follows):
        if not any(process.rules[index].loops for index in circle):
            names = " → ".join(
                _("«{title}»").format(title=process.rules[index].title) for index in (*circle, circle[0])
            )
            broken = any(process.rules[index].if_ is not None for index in circle)
            yield Finding(
                ("rules", circle[0]),
                _("These rules set each other off without end: {rules}.").format(rules=names),
                remedy=_("Break the circle with a condition, or write «loops: true» if it is meant."),
                level=WARNING if broken else MISTAKE,
            )


def _sets_off(rule: Rule, other: Rule) -> bool:
    return any(_causes(step, other) for step in rule.then)


def _causes(step: BaseStep, other: Rule) -> bool:
    if isinstance(step, SetField):
        return isinstance(other.when, FieldChanged) and step.field in other.when.fields
    moves = step.changes_deal or (isinstance(step, OpenDeal) and not step.unless_open)
    return moves and bool(targets(step) & set(stages_of(other.when)))


def _circles(follows: dict[int, list[int]]) -> list[tuple[int, ...]]:
    """Each circle once, from its first rule on; of those through one rule the shortest."""
    found: dict[frozenset[int], tuple[int, ...]] = {}
    for start in follows:
        if circle := _way_back(start, follows):
            found.setdefault(frozenset(circle), circle)
    return sorted(found.values())


def _way_back(start: int, follows: dict[int, list[int]]) -> tuple[int, ...] | None:
    """The shortest way from a rule back to itself over rules that come after it."""
    ways: list[tuple[int, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for after in follows[way[-1]]:
            if after == start:
                return way
            if after > start and after not in seen:
                seen.add(after)
                ways.append((*way, after))
    return None


def nothing_is_undone(process: Process) -> Iterator[Finding]:
    """Two rules without conditions on one happening, the later of which undoes the earlier."""
    for later, rule in enumerate(process.rules):
        for earlier in range(later):
            other = process.rules[earlier]
            if rule.if_ is None and other.if_ is None and _same_happening(other, rule):
                yield from _undone(other, rule, ("rules", later, "then"), process)


def _same_happening(one: Rule, other: Rule) -> bool:
    if type(one.when) is not type(other.when):
        return False
    same = one.when.model_copy(update={"stages": []}) == other.when.model_copy(update={"stages": []})
    stages = set(stages_of(one.when)), set(stages_of(other.when))
    return same and (not any(stages) or bool(stages[0] & stages[1]))


def _undone(other: Rule, rule: Rule, path: Path, process: Process) -> Iterator[Finding]:
    for number, step in enumerate(rule.then):
        if any(_undoes(step, before, other) for before in other.then):
            yield Finding(
                (*path, number),
                _("«{later}» undoes what «{earlier}» has just done: both fire at once.").format(
                    later=rule.title, earlier=other.title
                ),
                remedy=_("Keep one of the two, or give each its condition."),
            )


def _undoes(step: BaseStep, before: BaseStep, other: Rule) -> bool:
    if isinstance(step, SetField) and isinstance(before, SetField):
        return step.field == before.field and step.value != before.value and not step.unless_filled
    if isinstance(step, CancelTasks) and isinstance(before, CreateTask):
        return step.all or before.kind in step.kinds or other.key in step.rules
    if isinstance(step, Move) and isinstance(before, Move):
        return step.to != before.to
    return isinstance(step, Assign) and isinstance(before, Assign) and step != before
