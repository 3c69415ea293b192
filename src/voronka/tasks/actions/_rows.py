"""What every action on a task does: take it under the gate, tell what has happened."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import record

from ..models import Task


def locked(task_id: int, by: Actor) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("kind").get(pk=task_id)
    if by.reach is not None and not access.sees(by.reach, task.audience):
        raise Refusal(_("This task is not yours."))
    return task


def record_task(kind: str, task: Task, by: Actor, data: dict | None = None) -> None:
    record(kind, task.refs, by=by, data={**task.facts, **(data or {})})


def reminder_of(due_at: datetime, before: int | None) -> datetime | None:
    """When to remind; a moment that has passed reminds of nothing."""
    if before is None:
        return None
    moment = due_at - timedelta(minutes=before)
    return moment if moment > clock.now() else None
