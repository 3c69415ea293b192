"""What a dialog asks for at once: a task with its length, reminder and repetition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from voronka.clients.models import Company
from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from ..models import Task, TaskKind
from ..repeat import Repeat
from .change_task import change_task, check_minutes
from .create_task import create_task
from .repeat_task import change_series, end_series, repeat_task


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`remind_before`: minutes, None for no reminder. `repeat`: None for once; turns are counted in `zone`."""

    title: str
    due_at: datetime
    minutes: int
    remind_before: int | None
    responsible: Person
    repeat: Repeat | None
    zone: ZoneInfo


def plan_task(
    *,
    by: Actor,
    kind: TaskKind,
    plan: Plan,
    deal_id: int | None = None,
    company: Company | None = None,
    deal_audience: Sequence[str] | None = None,
) -> Task:
    """A new task, the first one of a series when it is to come again."""
    check_minutes(plan.minutes)
    with transaction.atomic():
        task = create_task(
            by=by,
            kind=kind,
            title=plan.title,
            due_at=plan.due_at,
            responsible=plan.responsible,
            deal_id=deal_id,
            company=company,
            deal_audience=deal_audience,
            minutes=plan.minutes,
            remind_before=plan.remind_before,
        )
        if plan.repeat:
            # a task given to somebody else may be out of the giver's sight by now
            repeat_task(task.pk, by=by.unbound(), repeat=plan.repeat, zone=plan.zone)
    return task


def edit_task(task_id: int, *, by: Actor, plan: Plan, following: bool) -> Task:
    """The task becomes as planned; `following`: so do those that come after it in its series."""
    with transaction.atomic():
        task = change_task(
            task_id,
            by=by,
            title=plan.title,
            due_at=plan.due_at,
            minutes=plan.minutes,
            remind_before=plan.remind_before,
            responsible=plan.responsible,
        )
        by = by.unbound()
        running = task.series is not None and task.series.ended_at is None
        if running and following:
            if plan.repeat:
                change_series(task_id, by=by, repeat=plan.repeat)
            else:
                end_series(task_id, by=by)
        elif task.series is None and plan.repeat:
            repeat_task(task_id, by=by, repeat=plan.repeat, zone=plan.zone)
    return task
