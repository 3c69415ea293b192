"""The way of a deal: its stage and its responsible, through the guards of the process."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from voronka.deals.actions import Step, assign_deal, move_or_ask, take_deal
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel.errors import FieldErrors
from voronka.tasks.models import TaskKind

from ..door import ApiRequest, Door
from ..gate import one, person_named, tagged
from ..paging import Id, Line, Text
from ..values import Values
from .deals import DealShape, lock, rows, seen, shape

router = Router(auth=Door("deals"), tags=["deals"])


class StepMake(Schema):
    """`kind` is a key of GET /task-kinds."""

    kind: Line
    title: Line = ""
    due_at: AwareDatetime
    responsible: Id | None = None


class StagePut(Schema):
    """`stage` is a key within the deal's funnel; `fields`, `loss_reason` and `next_step` are what it may ask for."""

    stage: Line
    fields: Values = {}
    loss_reason: Line = ""
    loss_comment: Text = ""
    next_step: StepMake | None = None
    version: str | None = None


class ResponsiblePut(Schema):
    """`keep_reading`: whoever led the deal may read on."""

    person: Id
    keep_reading: bool = False
    version: str | None = None


class Asked(Schema):
    """A move that waits for a yes: people with the role `of` are asked, and the deal moves when one of them says it."""

    approval: int
    stage: str
    of: str
    deal: DealShape


@router.put("/{deal_id}/stage", response={200: DealShape, 202: Asked})
def put_stage(request: ApiRequest, response: HttpResponse, deal_id: Id, body: StagePut) -> Any:
    """Move the deal. 202 when the move waits for somebody's yes, 409 with the rule that refuses, 422 with the fields
    that the stage asks for.
    """
    deal = one(seen(request), deal_id)
    with transaction.atomic():
        lock(request, deal_id, body.version)
        asked = move_or_ask(
            deal_id,
            by=request.caller.actor,
            to=_stage(deal, body.stage),
            values=body.fields,
            loss_reason=_reason(deal, body.loss_reason),
            loss_comment=body.loss_comment,
            next_step=step_of(body.next_step) if body.next_step else None,
        )
    now = tagged(response, shape(one(rows(), deal_id), request.caller))
    if asked is None:
        return now
    return Status(202, {"approval": asked.pk, "stage": asked.to.key, "of": asked.approver, "deal": now})


@router.put("/{deal_id}/responsible", response=DealShape)
def put_responsible(request: ApiRequest, response: HttpResponse, deal_id: Id, body: ResponsiblePut) -> dict[str, Any]:
    """Hand the deal over; an untaken one to oneself: take it."""
    deal = one(seen(request), deal_id)
    to = person_named("person", body.person)
    assert to is not None
    with transaction.atomic():
        lock(request, deal_id, body.version)
        if deal.responsible_id is None and to == request.caller.person:
            take_deal(deal_id, by=request.caller.actor)
        else:
            assign_deal(deal_id, by=request.caller.actor, to=to, keep_reading=body.keep_reading)
    return tagged(response, shape(one(rows(), deal_id), request.caller))


def step_of(made: StepMake) -> Step:
    kind = TaskKind.objects.filter(key=made.kind).first()
    if kind is None:
        raise FieldErrors({"kind": _("There is no such kind of task.")})
    return Step(
        kind=kind,
        title=made.title,
        due_at=moment(made.due_at),
        responsible=person_named("responsible", made.responsible),
    )


def moment(at: datetime, field: str = "due_at") -> datetime:
    """A moment that calendars and the database can hold."""
    if not 1970 <= at.year < 9000:
        raise FieldErrors({field: _("This is not a time anybody lives in.")})
    return at


def _stage(deal: Deal, key: str) -> Stage:
    stage = deal.funnel.stages.filter(key=key, is_active=True).first()
    if stage is None:
        raise FieldErrors({"stage": _("There is no such stage in the deal's funnel.")})
    return stage


def _reason(deal: Deal, key: str) -> LossReason | None:
    if not key:
        return None
    reason = LossReason.objects.filter(funnel_id=deal.funnel_id, key=key, is_active=True).first()
    if reason is None:
        raise FieldErrors({"loss_reason": _("There is no such reason.")})
    return reason
