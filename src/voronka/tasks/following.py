"""What open tasks do when their deals change hands, for many deals in a few statements."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection

from voronka.kernel.actor import Actor
from voronka.kernel.events import event_of, record_many
from voronka.kernel.models import Event
from voronka.staff.models import Person

from .access import audience_of
from .models import Task

_WRITE = """
    UPDATE tasks_task SET responsible_id = now.responsible, audience = now.audience
    FROM jsonb_to_recordset(%s::jsonb) AS now(id bigint, responsible bigint, audience text[])
    WHERE tasks_task.id = now.id
"""

Audiences = Mapping[int, Sequence[str]]


def follow_deals(audiences: Audiences) -> None:
    """Open tasks are seen by whoever sees their deals now; `audiences` by deal."""
    _write([task for task in _open_tasks(audiences) if _follow(task, audiences)])


def hand_over_tasks(before: Mapping[int, int | None], audiences: Audiences, *, by: Actor, to: Person) -> list[Event]:
    """The same, and those of the deals' former responsible, told in `before` by deal, go to `to`. It follows from
    handing over the deals, so no gate is asked. Answers the events, for `record_handed_over`.
    """
    changed, events = [], []
    for task in _open_tasks(audiences):
        had = task.responsible_id
        goes = had == before[task.deal_id or 0] and had != to.pk
        if goes:
            task.responsible = to
        if _follow(task, audiences) or goes:
            changed.append(task)
        if goes:
            facts = {**task.facts, "changes": {"responsible": [had, to.pk]}}
            events.append(event_of("task.changed", task.refs, by=by, data=facts))
    _write(changed)
    return events


def record_handed_over(events: Sequence[Event], *, by: Actor) -> None:
    """Once the rules have heard of the deals: a task that they have closed is not told of as handed over."""
    if events:
        handed = Task.objects.filter(pk__in=[event.task_id for event in events], done_at=None)
        still = set(handed.values_list("pk", flat=True))
        record_many([event for event in events if event.task_id in still], by=by)


def _open_tasks(deals: Audiences) -> list[Task]:
    found = Task.objects.filter(deal_id__in=deals, done_at=None).select_related("responsible", "kind")
    return list(found.order_by("id"))


def _follow(task: Task, audiences: Audiences) -> bool:
    """Whether others see it now."""
    before = task.audience
    task.audience = audience_of(responsible=task.responsible, deal_audience=audiences[task.deal_id or 0])
    return task.audience != before


def _write(tasks: Sequence[Task]) -> None:
    if tasks:
        rows = [{"id": task.pk, "responsible": task.responsible_id, "audience": task.audience} for task in tasks]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [json.dumps(rows)])
