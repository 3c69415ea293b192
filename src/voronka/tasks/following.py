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

_AUDIENCES = """
    UPDATE tasks_task SET audience = now.audience
    FROM jsonb_to_recordset(%s::jsonb) AS now(id bigint, audience text[])
    WHERE tasks_task.id = now.id
"""


def follow_deals(audiences: Mapping[int, Sequence[str]]) -> None:
    """Open tasks are seen by whoever sees their deals now; `audiences` by deal."""
    changed = {}
    for task in Task.objects.filter(deal_id__in=audiences, done_at=None).select_related("responsible"):
        tokens = audience_of(responsible=task.responsible, deal_audience=audiences[task.deal_id or 0])
        if tokens != task.audience:
            changed[task.pk] = tokens
    _write_audiences(changed)


def hand_over_tasks(before: Mapping[int, int | None], *, by: Actor, to: Person) -> None:
    """Open tasks of the deals' former responsible, told in `before` by deal, go to `to`. It follows from handing over
    the deals, so no gate is asked."""
    audiences, events = {}, []
    for task in Task.objects.filter(deal_id__in=before, done_at=None).select_related("kind", "deal").order_by("id"):
        if task.responsible_id == to.pk or task.responsible_id != before[task.deal_id or 0]:
            continue
        changes = {"responsible": [task.responsible_id, to.pk]}
        task.audience = audiences[task.pk] = audience_of(responsible=to, deal_audience=_of_deal(task))
        events.append(_changed(task, by, changes))
    if audiences:
        Task.objects.filter(pk__in=audiences).update(responsible=to)
        _write_audiences(audiences)
        record_many(events, by=by)


def _of_deal(task: Task) -> list[str] | None:
    """Not the task's own audience: that still holds whoever had it."""
    return task.deal.audience if task.deal else None


def _changed(task: Task, by: Actor, changes: dict[str, list]) -> Event:
    return event_of("task.changed", task.refs, by=by, data={**task.facts, "changes": changes})


def _write_audiences(audiences: Mapping[int, Sequence[str]]) -> None:
    if audiences:
        rows = [{"id": pk, "audience": tokens} for pk, tokens in audiences.items()]
        with connection.cursor() as cursor:
            cursor.execute(_AUDIENCES, [json.dumps(rows)])
