from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person

from ..access import audience_of
from ..models import Task
from ._rows import locked, record_task, reminder_of
from .create_task import AS_KIND

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 24 * 60


def change_task(
    task_id: int,
    *,
    by: Actor,
    title: str | None = None,
    due_at: datetime | None = None,
    minutes: int | None = None,
    remind_before: int | None = AS_KIND,
    responsible: Person | None = None,
) -> Task:
    """Another title, time, length, reminder or responsible; None keeps what is (of a reminder, None is none)."""
    if minutes is not None:
        check_minutes(minutes)
    with transaction.atomic():
        task = locked(task_id, by)
        changes: dict[str, list] = {}
        if title is not None and title.strip() and title.strip() != task.title:
            changes["title"] = [task.title, title.strip()]
            task.title = title.strip()
        if due_at is not None and due_at != task.due_at:
            changes["due_at"] = [task.due_at.isoformat(), due_at.isoformat()]
            task.due_at = due_at
        if minutes is not None and minutes != task.minutes:
            changes["minutes"] = [task.minutes, minutes]
            task.minutes = minutes
        if remind_before not in (AS_KIND, task.remind_before):
            changes["remind_before"] = [task.remind_before, remind_before]
            task.remind_before = remind_before
        if responsible is not None and responsible.pk != task.responsible_id:
            changes["responsible"] = [task.responsible_id, responsible.pk]
            task.responsible = responsible
            base = task.deal.audience if task.deal else None
            task.audience = audience_of(responsible=responsible, deal_audience=base)
        if "due_at" in changes or "remind_before" in changes:
            task.remind_at = reminder_of(task.due_at, task.remind_before)
        if changes:
            task.save(
                update_fields=["title", "due_at", "minutes", "remind_before", "remind_at", "responsible", "audience"]
            )
            record_task("task.changed", task, by, {"changes": changes})
    return task


def check_minutes(minutes: int) -> None:
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise FieldErrors({"minutes": _("From five minutes to a day.")})
