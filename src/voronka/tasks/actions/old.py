"""Writes about tasks. Each records `task.*`; the deal's next step follows in `deals.reactions`."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Company
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.rows import insert
from voronka.staff.models import Person

from .access import audience_of
from .models import Task, TaskKind


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
) -> Task:
    """A new task. With a deal give its audience too; `rule` names the rule that made it."""
    title = title.strip() or kind.title
    if len(title) > 500:
        raise FieldErrors({"title": _("At most 500 characters.")})
    # Nothing in here refuses, so an act around it needs no savepoint of ours: this is the hot path of the intake.
    with transaction.atomic(savepoint=False):
        task = Task(
            kind=kind,
            title=title,
            due_at=due_at,
            responsible=responsible,
            deal_id=deal_id,
            company=company,
            created_at=clock.now(),
            created_by_id=by.person_id,
            rule=rule,
            audience=audience_of(responsible=responsible, deal_audience=deal_audience),
        )
        insert(task)
        _record("task.created", task, by, {"responsible": task.responsible_id})
    return task


def complete_task(task_id: int, *, by: Actor, result: str = "") -> Task:
    """Done. Doing it twice changes nothing. Raises FieldErrors when this kind needs a result."""
    with transaction.atomic():
        task = _locked(task_id, by)
        if task.done_at:
            return task
        if task.kind.result_required and not result.strip():
            raise FieldErrors({"result": _("Write what came of it.")})
        task.done_at, task.done_by_id, task.result = clock.now(), by.person_id, result.strip()
        task.save(update_fields=["done_at", "done_by", "result"])
        _record("task.done", task, by, {"result": task.result, "late": task.done_at > task.due_at})
    return task


def reopen_task(task_id: int, *, by: Actor) -> Task:
    """Undo of done or cancelled."""
    with transaction.atomic():
        task = _locked(task_id, by)
        if not task.done_at:
            return task
        task.done_at, task.done_by, task.result, task.cancelled = None, None, "", False
        task.save(update_fields=["done_at", "done_by", "result", "cancelled"])
        _record("task.reopened", task, by)
    return task


def cancel_task(task_id: int, *, by: Actor) -> Task:
    """No longer needed: closed without being done."""
    with transaction.atomic():
        task = _locked(task_id, by)
        if not task.done_at:
            task.done_at, task.cancelled = clock.now(), True
            task.save(update_fields=["done_at", "cancelled"])
            _record("task.cancelled", task, by)
    return task


def change_task(
    task_id: int,
    *,
    by: Actor,
    title: str | None = None,
    due_at: datetime | None = None,
    responsible: Person | None = None,
    deal_audience: Sequence[str] | None = None,
) -> Task:
    """Another title, deadline or responsible; None keeps what is."""
    with transaction.atomic():
        task = _locked(task_id, by)
        changes: dict[str, list] = {}
        if title is not None and title.strip() and title.strip() != task.title:
            changes["title"] = [task.title, title.strip()]
            task.title = title.strip()
        if due_at is not None and due_at != task.due_at:
            changes["due_at"] = [task.due_at.isoformat(), due_at.isoformat()]
            task.due_at = due_at
        if responsible is not None and responsible.pk != task.responsible_id:
            changes["responsible"] = [task.responsible_id, responsible.pk]
            task.responsible = responsible
            base = deal_audience if deal_audience is not None else (task.audience if task.deal_id else None)
            task.audience = audience_of(responsible=responsible, deal_audience=base)
        if changes:
            task.save(update_fields=["title", "due_at", "responsible", "audience"])
            _record("task.changed", task, by, {"changes": changes})
    return task


def follow_deal(deal_id: int, *, audience: Sequence[str]) -> None:
    """Open tasks of a deal are seen by whoever sees the deal now."""
    for task in Task.objects.filter(deal_id=deal_id, done_at=None).select_related("responsible"):
        tokens = audience_of(responsible=task.responsible, deal_audience=audience)
        if tokens != task.audience:
            Task.objects.filter(pk=task.pk).update(audience=tokens)


def _locked(task_id: int, by: Actor) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("kind").get(pk=task_id)
    if by.reach is not None and not access.sees(by.reach, task.audience):
        raise Refusal(_("This task is not yours."))
    return task


def _record(kind: str, task: Task, by: Actor, data: dict | None = None) -> None:
    refs = Refs(deal=task.deal_id, company=task.company_id, task=task.pk, audience=task.audience)
    facts = {"title": task.title, "kind": task.kind.key, "due_at": task.due_at.isoformat(), "rule": task.rule}
    record(kind, refs, by=by, data={**facts, **(data or {})})
