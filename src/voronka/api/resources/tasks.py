"""Tasks: what is to be done, until when, and what came of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime

from voronka.clients.models import Company
from voronka.deals.actions import plan_step
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.tasks import actions
from voronka.tasks.models import Task

from ..door import ApiRequest, Door
from ..gate import named, one, person_named, tagged
from ..paging import Filtered, Id, Line, Page, Text, filtered, page_of
from ..versions import check_version, version_of
from .moves import StepMake, moment, step_of

router = Router(auth=Door("tasks"), tags=["tasks"])


class TaskShape(Schema):
    """`kind` is a key of GET /task-kinds; `done_at` with `cancelled` is a task that was dropped."""

    id: int
    kind: str
    title: str
    deal: int | None
    client: int | None
    responsible: int | None
    due_at: datetime
    created_at: datetime
    done_at: datetime | None
    done_by: int | None
    result: str
    cancelled: bool
    version: str


class TaskMake(StepMake):
    """Of a deal, of a client, or of nothing: then it is the responsible's own, the caller's unless told."""

    deal: Id | None = None
    client: Id | None = None


class TaskChange(Schema):
    title: Line | None = None
    due_at: AwareDatetime | None = None
    responsible: Id | None = None
    version: str | None = None


class ResultPut(Schema):
    """Some kinds of tasks must say what came of them."""

    result: Text = ""
    version: str | None = None


@router.get("", response=Page[TaskShape])
def list_tasks(request: ApiRequest, asked: Query[Filtered]) -> dict[str, Any]:
    return page_of(filtered(seen(request), asked, "tasks", request.caller.person), asked, shape)


@router.post("", response={201: TaskShape})
def make_task(request: ApiRequest, response: HttpResponse, body: TaskMake) -> Any:
    person, actor = request.caller.person, request.caller.actor
    if body.deal and body.client:
        raise FieldErrors({"client": _("A task of a deal has the deal's client.")})
    step = step_of(body)
    deal = named(Deal.objects.visible_to(person), "deal", body.deal)
    if deal:
        task = plan_step(deal.pk, by=actor, step=step)
    else:
        task = actions.create_task(
            by=actor,
            kind=step.kind,
            title=step.title,
            due_at=step.due_at,
            responsible=step.responsible or person,
            company=named(Company.objects.visible_to(person), "client", body.client),
        )
    return Status(201, tagged(response, shape(one(rows(), task.pk))))


@router.get("/{task_id}", response=TaskShape)
def read_task(request: ApiRequest, response: HttpResponse, task_id: Id) -> dict[str, Any]:
    return tagged(response, shape(one(seen(request), task_id)))


@router.patch("/{task_id}", response=TaskShape)
def edit_task(request: ApiRequest, response: HttpResponse, task_id: Id, body: TaskChange) -> dict[str, Any]:
    """Change what is given. With `If-Match` or `version` only if nobody has changed it since."""
    one(seen(request), task_id)
    with transaction.atomic():
        _lock(request, task_id, body.version)
        actions.change_task(
            task_id,
            by=request.caller.actor,
            title=body.title,
            due_at=moment(body.due_at) if body.due_at else None,
            responsible=person_named("responsible", body.responsible),
        )
    return tagged(response, shape(one(rows(), task_id)))


@router.put("/{task_id}/result", response=TaskShape)
def complete_task(request: ApiRequest, response: HttpResponse, task_id: Id, body: ResultPut) -> dict[str, Any]:
    """It is done."""
    one(seen(request), task_id)
    with transaction.atomic():
        _lock(request, task_id, body.version)
        actions.complete_task(task_id, by=request.caller.actor, result=body.result)
    return tagged(response, shape(one(rows(), task_id)))


@router.delete("/{task_id}/result", response=TaskShape)
def reopen_task(request: ApiRequest, response: HttpResponse, task_id: Id) -> dict[str, Any]:
    """It is not done, or not dropped, after all."""
    actions.reopen_task(one(seen(request), task_id).pk, by=request.caller.actor)
    return tagged(response, shape(one(rows(), task_id)))


@router.delete("/{task_id}", response={204: None})
def drop_task(request: ApiRequest, task_id: Id) -> Any:
    """No longer needed. The row stays, marked as cancelled."""
    actions.cancel_task(one(seen(request), task_id).pk, by=request.caller.actor)
    return Status(204, None)


def _lock(request: ApiRequest, task_id: int, version: str | None) -> None:
    task = Task.objects.select_for_update(of=("self",)).select_related("kind").get(pk=task_id)
    check_version(request, shape(task)["version"], version)


def rows() -> Any:
    return Task.objects.select_related("kind")


def seen(request: ApiRequest) -> Any:
    return rows().visible_to(request.caller.person)


def shape(task: Task) -> dict[str, Any]:
    keys = ("id", "title", "due_at", "created_at", "done_at", "result", "cancelled")
    return {
        **{key: getattr(task, key) for key in keys},
        "kind": task.kind.key,
        "deal": task.deal_id,
        "client": task.company_id,
        "responsible": task.responsible_id,
        "done_by": task.done_by_id,
        "version": version_of(task.title, task.due_at, task.responsible_id, task.done_at, task.result, task.cancelled),
    }
