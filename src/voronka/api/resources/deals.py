"""Deals: list, open, read, change. Their way through the funnel is in `moves`, their lines in `lines`."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from voronka.clients.merges import holder_of
from voronka.clients.models import Company, Contact, Merge
from voronka.clients.tags import shown
from voronka.deals.actions import change_deal, create_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel.errors import FieldErrors, Refusal

from ..door import ApiRequest, Caller, Door
from ..gate import brand_named, location_named, moved, named, one, person_named, tagged
from ..paging import Filtered, Id, Line, Page, Text, filtered, page_of
from ..values import Values
from ..versions import check_version

router = Router(auth=Door("deals"), tags=["deals"])

Money = Annotated[Decimal, Field(ge=0, lt=10**12, decimal_places=2)]


class DealShape(Schema):
    """`stage` and `funnel` are keys of the process, `fields` its declared fields; `version` grows with each change."""

    id: int
    title: str
    funnel: str
    stage: str
    stage_id: int
    client: int
    contact: int | None
    amount: Decimal
    responsible: int | None
    brand: int | None
    location: int | None
    source: int | None
    channel: str
    utm: dict[str, Any]
    fields: dict[str, Any]
    tags: list[str]
    is_repeat: bool
    created_at: datetime
    stage_entered_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    next_step_at: datetime | None
    loss_reason: str | None
    loss_comment: str
    version: str


class DealMake(Schema):
    """`client` must be one that the caller sees; without a `responsible` the deal waits to be taken."""

    funnel: Line
    client: Id
    contact: Id | None = None
    title: Line = ""
    amount: Money = Decimal(0)
    responsible: Id | None = None
    brand: Id | None = None
    location: Id | None = None
    channel: Line = "api"
    fields: Values = {}


class DealChange(Schema):
    """What is left out stays as it is; null empties it. `fields` are declared fields by key."""

    title: Text | None = None
    amount: Money | None = None
    brand: Id | None = None
    location: Id | None = None
    fields: Values = {}
    version: str | None = None


@router.get("", response=Page[DealShape])
def list_deals(request: ApiRequest, asked: Query[Filtered]) -> dict[str, Any]:
    """Deals that the caller sees, by a filter."""
    return page_of(
        filtered(seen(request), asked, "deals", request.caller.person),
        asked,
        partial(shape, caller=request.caller),
    )


@router.post("", response={201: DealShape})
def open_deal(request: ApiRequest, response: HttpResponse, body: DealMake) -> Any:
    """Open a deal for a client that is known already."""
    caller = request.caller
    if not caller.actor.may("create_deals"):
        raise Refusal(_("Your role does not open deals."), rule="role")
    responsible = person_named("responsible", body.responsible)
    if responsible and responsible != caller.person and not caller.actor.may("assign_deals"):
        raise Refusal(_("Your role may not give deals to others."), rule="role")
    company = named(Company.objects.visible_to(caller.person), "client", body.client)
    funnel = Funnel.objects.filter(key=body.funnel, is_active=True).first()
    if company is None or funnel is None:
        raise FieldErrors({"funnel": _("There is no such funnel.")})
    deal = create_deal(
        by=caller.actor,
        funnel=funnel,
        company=company,
        contact=named(Contact.objects.filter(company=company), "contact", body.contact),
        title=body.title,
        amount=body.amount,
        responsible=responsible,
        brand=brand_named(body.brand),
        location=location_named(body.location),
        channel=body.channel,
        fields=body.fields,
    )
    return Status(201, tagged(response, shape(one(rows(), deal.pk), caller)))


@router.get("/{deal_id}", response=DealShape)
def read_deal(request: ApiRequest, response: HttpResponse, deal_id: Id) -> Any:
    """One that became part of another is 301 to where it is now."""
    holder = holder_of(Merge.Kind.DEAL, deal_id)
    if holder != deal_id and seen(request).filter(pk=holder).exists():
        return moved(f"/api/v1/deals/{holder}")
    return tagged(response, shape(one(seen(request), deal_id), request.caller))


@router.patch("/{deal_id}", response=DealShape)
def edit_deal(request: ApiRequest, response: HttpResponse, deal_id: Id, body: DealChange) -> dict[str, Any]:
    """Change some fields. With `If-Match` or `version` only if nobody has changed the deal since."""
    one(seen(request), deal_id)
    given = body.dict(exclude_unset=True, exclude={"fields", "version"})
    clash = sorted(set(body.fields) & (set(DealChange.model_fields) - {"fields"}))
    if clash:
        raise FieldErrors({f"fields.{key}": _("This is not a declared field.") for key in clash})
    with transaction.atomic():
        lock(request, deal_id, body.version)
        change_deal(deal_id, by=request.caller.actor, values={**body.fields, **given})
    return tagged(response, shape(one(rows(), deal_id), request.caller))


def lock(request: ApiRequest, deal_id: int, version: str | None) -> Deal:
    """The deal, locked, if it is the version that the caller has seen."""
    deal = Deal.objects.select_for_update().get(pk=deal_id)
    check_version(request, str(deal.version), version)
    return deal


def rows() -> Any:
    return Deal.objects.select_related("funnel", "stage", "loss_reason")


def seen(request: ApiRequest) -> Any:
    return rows().visible_to(request.caller.person)


def shape(deal: Deal, caller: Caller) -> dict[str, Any]:
    return {
        **{key: getattr(deal, key) for key in _PLAIN},
        "fields": {key: value for key, value in deal.fields.items() if key not in caller.hidden},
        "tags": [tag.title for tag in shown(deal.tags, caller.tags)],
        "funnel": deal.funnel.key,
        "stage": deal.stage.key,
        "client": deal.company_id,
        "contact": deal.contact_id,
        "responsible": deal.responsible_id,
        "brand": deal.brand_id,
        "location": deal.location_id,
        "source": deal.source_id,
        "loss_reason": deal.loss_reason.key if deal.loss_reason else None,
        "version": str(deal.version),
    }


_PLAIN = (
    "id", "title", "stage_id", "amount", "channel", "utm", "is_repeat", "created_at", "stage_entered_at",
    "taken_at", "closed_at", "next_step_at", "loss_comment",
)  # fmt: skip
