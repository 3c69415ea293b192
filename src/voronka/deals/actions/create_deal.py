from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from voronka.clients.models import Company, Contact
from voronka.kernel import clock
from voronka.kernel.actor import Actor, ActorKind
from voronka.kernel.rows import insert
from voronka.staff.models import Brand, Location, Person

from ..field_targets import check_targets
from ..fields import parse_all, specs
from ..limits import limit_at
from ..models import Deal, Funnel, Passage, Stage
from ._room import require_room
from ._rows import audience_now, record_deal, refresh_companies
from .change_deal import refuse_foreign
from .create_deals import facts_of

JUST_NOW = timedelta(minutes=1)


def create_deal(
    *,
    by: Actor,
    funnel: Funnel,
    company: Company,
    contact: Contact | None = None,
    title: str = "",
    stage: Stage | None = None,
    responsible: Person | None = None,
    amount: Decimal = Decimal(0),
    brand: Brand | None = None,
    location: Location | None = None,
    source_id: int | None = None,
    channel: str = "",
    touch: Mapping[str, Any] | None = None,
    first_touch: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    is_repeat: bool = False,
) -> Deal:
    """Open a deal, at the funnel's first stage unless told. `touch`: source marks {utm, page, referrer, …};
    `first_touch`: those of the client's first contact when they are known from earlier.

    With a `responsible` it is born taken: an unsorted first stage is passed by. `fields` are typed texts of
    declared fields. Raises FieldErrors, Refusal.
    """
    now = clock.now()
    values = _parsed(fields, by) if fields else {}
    stage = stage or _first_stage(funnel, taken=responsible is not None)
    touch = dict(touch or {})
    # Only a full stage refuses, so an act around it needs no savepoint of ours elsewhere: the hot path of the intake.
    with transaction.atomic(savepoint=stage.wip_enforced):
        deal = Deal(
            funnel=funnel,
            stage=stage,
            title=title.strip(),
            company=company,
            contact=contact,
            amount=amount,
            responsible=responsible,
            seat_id=responsible.seat_id if responsible else None,
            brand=brand or (location.brand if location else None),
            location=location,
            source_id=source_id,
            channel=channel,
            utm=touch.get("utm", {}),
            first_touch=dict(first_touch or touch),
            last_touch=touch,
            fields={key: value for key, value in values.items() if value is not None},
            is_repeat=is_repeat,
            is_unread=responsible is None,
            created_at=now,
            stage_entered_at=now,
            taken_at=now if responsible else None,
            answer_due_at=_answer_due(stage),
            closed_at=now if stage.is_closing else None,
        )
        require_room(stage, hands=deal.responsible_id, by=by)
        deal.audience = audience_now(deal)
        insert(deal)
        insert(Passage(deal=deal, stage=stage, entered_at=now))
        refresh_companies([company.pk])
        if by.kind == ActorKind.CLIENT:
            _in_touch(company, now)
        record_deal("deal.created", deal, by, facts_of(deal), as_stored=True)
    return deal


def _in_touch(company: Company, now: datetime) -> None:
    """The client wrote; one who was registered for it a moment ago is known to have."""
    said = company.last_interaction_at
    if said is None or said < now - JUST_NOW:
        Company.objects.filter(pk=company.pk).update(last_interaction_at=now)


def _parsed(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    known = specs(by)
    refuse_foreign(values, known)
    parsed = parse_all(values, known)
    check_targets(None, parsed, by, known=known)
    return parsed


def _first_stage(funnel: Funnel, *, taken: bool) -> Stage:
    """In memory, since whoever opens many deals brings the funnel with its stages."""
    stages = sorted((stage for stage in funnel.stages.all() if stage.is_active), key=lambda stage: stage.position)
    return next(stage for stage in stages if not taken or stage.meaning == Stage.Meaning.OPEN)


def _answer_due(stage: Stage) -> Any:
    return limit_at(stage, clock.now()) if stage.meaning == Stage.Meaning.UNSORTED else None
