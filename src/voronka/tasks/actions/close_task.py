from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from ..models import Task
from ._rows import locked, record_task, reminder_of
from .repeat_task import take_back_turn, take_next_turn


def complete_task(task_id: int, *, by: Actor, result: str = "") -> Task:
    """Done. Doing it twice changes nothing. Raises FieldErrors when this kind needs a result."""
    with transaction.atomic():
        task = locked(task_id, by)
        if task.done_at:
            return task
        if task.kind.result_required and not result.strip():
            raise FieldErrors({"result": _("Write what came of it.")})
        task.done_at, task.done_by_id, task.result = clock.now(), by.person_id, result.strip()
        task.save(update_fields=["done_at", "done_by", "result"])
        record_task("task.done", task, by, {"result": task.result, "late": task.done_at > task.due_at})
        take_next_turn(task, by)
    return task


def reopen_task(task_id: int, *, by: Actor) -> Task:
    """Undo of done or cancelled; in a series the next one, that came of it, goes."""
    with transaction.atomic():
        task = locked(task_id, by)
        if not task.done_at:
            return task
        task.done_at, task.done_by, task.result, task.cancelled = None, None, "", False
        task.remind_at = reminder_of(task.due_at, task.remind_before)
        task.save(update_fields=["done_at", "done_by", "result", "cancelled", "remind_at"])
        record_task("task.reopened", task, by)
        take_back_turn(task, by)
    return task


def cancel_task(task_id: int, *, by: Actor) -> Task:
    """No longer needed: closed without being done. In a series the next one comes."""
    with transaction.atomic():
        task = locked(task_id, by)
        if not task.done_at:
            task.done_at, task.cancelled = clock.now(), True
            task.save(update_fields=["done_at", "cancelled"])
            record_task("task.cancelled", task, by)
            take_next_turn(task, by)
    return task
