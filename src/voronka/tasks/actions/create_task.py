from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Company
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.rows import insert
from voronka.staff.models import Person

from ..access import audience_of
from ..models import Task, TaskKind
from ._rows import record_task, reminder_of

#: `remind_before`: as the kind has it.
AS_KIND = -1


def create_task(
    *,
    by: Actor,
    kind: TaskKind,
    title: str,
    due_at: datetime,
    responsible: Person | None = None,
    deal_id: int | None = None,
    company: Company | None = None,
    deal_audience: Sequence[str] | None = None,
    rule: str = "",
    minutes: int | None = None,
    remind_before: int | None = AS_KIND,
    series_id: int | None = None,
) -> Task:
    """A new task. With a deal give its audience too; `rule` names the rule that made it.

    `minutes`: how long it takes, as its kind does unless told. `remind_before`: minutes before its time; None is never.
    """
    title = title.strip() or kind.title
    if len(title) > 500:
        raise FieldErrors({"title": _("At most 500 characters.")})
    before = kind.remind_before if remind_before == AS_KIND else remind_before
    # Nothing in here refuses, so an act around it needs no savepoint of ours: this is the hot path of the intake.
    with transaction.atomic(savepoint=False):
        task = Task(
            kind=kind,
            title=title,
            due_at=due_at,
            minutes=minutes or kind.minutes,
            remind_before=before,
            remind_at=reminder_of(due_at, before),
            series_id=series_id,
            occurs_at=due_at if series_id else None,
            responsible=responsible,
            deal_id=deal_id,
            company=company,
            created_at=clock.now(),
            created_by_id=by.person_id,
            rule=rule,
            audience=audience_of(responsible=responsible, deal_audience=deal_audience),
        )
        insert(task)
        record_task("task.created", task, by, {"responsible": task.responsible_id})
    return task
