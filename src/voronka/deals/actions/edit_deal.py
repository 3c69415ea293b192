from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.kernel.errors import Conflict, FieldErrors, Refusal
from voronka.staff.models import Person
from voronka.tasks.actions import change_task
from voronka.tasks.models import Task

from ..models import Deal
from ._rows import locked
from .assign_deal import assign_deal
from .change_deal import change_deal
from .plan_step import Step, plan_step
from .tag_deals import tag_deals


@dataclass(frozen=True, kw_only=True)
class StepChange:
    """Another title or time of an open task. `seen`: its title and time as they were shown."""

    task: int
    title: str
    due_at: datetime
    seen: tuple[str, datetime]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What changes at once; what is left out stays. `values` and `seen` as for `change_deal`; `led`: whom the person
    saw as responsible."""

    values: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    untag: Sequence[str] = ()
    step: Step | StepChange | None = None
    to: Person | None = None
    led: int | None = None


def edit_deal(deal_id: int, *, by: Actor, edit: Edit) -> None:
    """Several changes by the actions of each, all or none. Raises what they raise; Conflict also for «step», «led»."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        if edit.to and deal.responsible_id != edit.led:
            raise Conflict({"responsible": (deal.responsible_id, edit.to.pk)})
        if edit.values:
            change_deal(deal_id, by=by, values=edit.values, seen=edit.seen)
        if edit.tags or edit.untag:
            for no in tag_deals([deal_id], by=by, add=edit.tags, remove=edit.untag).values():
                raise no
        if edit.step:
            _step(deal, edit.step, by)
        # the last of all: by it the deal may leave the hands that edit
        if edit.to:
            assign_deal(deal_id, by=by, to=edit.to)


def _step(deal: Deal, step: Step | StepChange, by: Actor) -> None:
    if isinstance(step, Step):
        plan_step(deal.pk, by=by, step=step)
        return
    task = Task.objects.filter(pk=step.task, deal=deal, done_at=None).first()
    if task is None or (task.title, task.due_at) != step.seen:
        raise Conflict({"step": (task and task.title, step.title)})
    try:
        change_task(step.task, by=by, title=step.title, due_at=step.due_at)
    except Refusal as no:
        raise FieldErrors({"step": no.reason}) from no
