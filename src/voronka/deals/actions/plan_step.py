from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Person
from voronka.tasks.actions import complete_task, create_task
from voronka.tasks.models import Task, TaskKind

from ..models import Deal
from ._rows import locked


@dataclass(frozen=True, kw_only=True)
class Step:
    """A task that somebody plans in a deal. Without a responsible it is the deal's responsible's."""

    kind: TaskKind
    title: str
    due_at: datetime
    responsible: Person | None = None


def plan_step(deal_id: int, *, by: Actor, step: Step) -> Task:
    """A task in a deal."""
    with transaction.atomic():
        return add_step(locked(deal_id, by), step, by)


def finish_step(deal_id: int, task_id: int, *, by: Actor, result: str = "", then: Step | None = None) -> Task:
    """A task of the deal is done, and what comes next is planned. Raises FieldErrors when a result is needed."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        if not Task.objects.filter(pk=task_id, deal=deal).exists():
            raise Refusal(_("This task belongs to another deal."), rule="deal")
        task = complete_task(task_id, by=by, result=result)
        if then:
            add_step(deal, then, by)
    return task


def add_step(deal: Deal, step: Step, by: Actor) -> Task:
    """Plan it in a locked deal."""
    if step.due_at < clock.now():
        raise FieldErrors({"due_at": _("This time has passed.")})
    task = create_task(
        by=by,
        kind=step.kind,
        title=step.title,
        due_at=step.due_at,
        responsible=step.responsible or deal.responsible,
        deal_id=deal.pk,
        company=deal.company,
        deal_audience=deal.audience,
    )
    if deal.next_step_at is None or step.due_at < deal.next_step_at:
        deal.next_step_at = step.due_at
    return task
