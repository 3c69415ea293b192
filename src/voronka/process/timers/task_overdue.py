"""Tasks that are still open after their deadline."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat, Extract

from voronka.deals.models import Deal
from voronka.tasks.models import Task

from ..models import Firing
from ..schema import Rule
from ..triggers import TaskOverdue
from ._base import Due, Look, Timer, coming_turn, turn_of


class TaskTimer(Timer):
    """A deadline that was moved is another fact: it counts anew."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            yield from self._of(rule, look)

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        _word, pk, _epoch = firing.about.split(":")
        task = Task.objects.filter(pk=pk, done_at=None).first()
        return task is not None and about(task) == firing.about

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        when = _when(rule)
        if when.funnels and look.current.places.funnels.get(deal.funnel_id) not in when.funnels:
            return None
        found = Task.objects.filter(deal=deal, done_at=None).order_by("due_at")
        task = (found.filter(kind__key__in=when.kinds) if when.kinds else found).first()
        if task is None:
            return None
        calendar = look.calendar(look.current.places.funnels.get(deal.funnel_id, ""), when.clock)
        return coming_turn(task.due_at, when.after, when.every, look, calendar)

    def _of(self, rule: Rule, look: Look) -> Iterable[Due]:
        when = _when(rule)
        for funnel in when.funnels or look.current.places.funnel_ids:
            calendar = look.calendar(funnel, when.clock)
            since, until = look.window(rule, when.after.length if when.after else None, calendar)
            late = self._late(when, look.current.places.funnel_ids[funnel], until)
            fired = Firing.objects.filter(rule=rule.key, about=OuterRef("about"))
            for task in late.filter(~Exists(fired), due_at__gt=since)[: look.limit]:
                if turn := turn_of(task.due_at, when.after, when.every, look, calendar):
                    yield _due(rule, task, turn)
            if when.every:
                last = fired.order_by("-turn")
                again = late.annotate(turn=last.values("turn")[:1], at=last.values("due_at")[:1]).exclude(turn=None)
                for task in again[: look.limit]:
                    if turn := turn_of(task.due_at, when.after, when.every, look, calendar, (task.turn, task.at)):
                        yield _due(rule, task, turn)

    def _late(self, when: TaskOverdue, funnel_id: int, until: datetime) -> QuerySet:
        found = Task.objects.filter(done_at=None, due_at__lte=until, deal__closed_at=None, deal__funnel_id=funnel_id)
        if when.kinds:
            found = found.filter(kind__key__in=when.kinds)
        epoch = Cast(Extract("due_at", "epoch"), BigIntegerField())
        name = Concat(Value("task:"), Cast(F("pk"), CharField()), Value(":"), Cast(epoch, CharField()))
        return found.annotate(about=name).order_by("due_at", "pk")


def about(task: Task) -> str:
    return f"task:{task.pk}:{round(task.due_at.timestamp())}"


def _due(rule: Rule, task: Task, turn: tuple[int, datetime]) -> Due:
    about = task.about  # type: ignore[attr-defined]
    return Due(rule=rule.key, about=about, turn=turn[0], due_at=turn[1], deal_id=task.deal_id)


def _when(rule: Rule) -> TaskOverdue:
    assert isinstance(rule.when, TaskOverdue)
    return rule.when
