"""Addresses and requisites of clients."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Field, Router, Schema, Status

from voronka.clients import actions
from voronka.clients.models import Address, Requisites

from ..door import ApiRequest, Door
from ..gate import one, tagged
from ..paging import Id, Line
from ..versions import check_version, version_of
from .clients import seen

router = Router(auth=Door("clients", permission="see_clients"), tags=["clients"])


class AddressShape(Schema):
    id: int
    label: str
    text: str


class AddressMake(Schema):
    text: Annotated[Line, Field(min_length=1)]
    label: Line = ""


class RequisitesMake(Schema):
    """Legal and bank details as they stand on an invoice. The check digits of `inn` must fit."""

    name: Annotated[Line, Field(min_length=1)]
    inn: Annotated[Line, Field(min_length=10, max_length=12)]
    kpp: Line = ""
    ogrn: Line = ""
    bank: Line = ""
    bik: Line = ""
    account: Line = ""
    correspondent_account: Line = ""


class RequisitesChange(Schema):
    """Only what is given changes; with `version` or If-Match only if nobody has changed them since."""

    name: Line | None = None
    inn: Line | None = None
    kpp: Line | None = None
    ogrn: Line | None = None
    bank: Line | None = None
    bik: Line | None = None
    account: Line | None = None
    correspondent_account: Line | None = None
    version: str | None = None


class RequisitesShape(Schema):
    id: int
    name: str
    inn: str
    kpp: str
    ogrn: str
    bank: str
    bik: str
    account: str
    correspondent_account: str
    version: str


@router.get("/clients/{client_id}/addresses", response=list[AddressShape])
def list_addresses(request: ApiRequest, client_id: Id) -> Any:
    return one(seen(request), client_id).addresses.order_by("id")


@router.post("/clients/{client_id}/addresses", response={201: AddressShape})
def add_address(request: ApiRequest, client_id: Id, body: AddressMake) -> Any:
    company = one(seen(request), client_id)
    return Status(201, actions.add_address(company.pk, by=request.caller.actor, text=body.text, label=body.label))


@router.delete("/clients/{client_id}/addresses/{address_id}", response={204: None})
def remove_address(request: ApiRequest, client_id: Id, address_id: Id) -> Any:
    address = one(Address.objects.filter(company=one(seen(request), client_id)), address_id)
    actions.remove_address(address.pk, by=request.caller.actor)
    return Status(204, None)


@router.get("/clients/{client_id}/requisites", response=list[RequisitesShape])
def list_requisites(request: ApiRequest, client_id: Id) -> Any:
    return [_shape(row) for row in one(seen(request), client_id).requisites.order_by("id")]


@router.post("/clients/{client_id}/requisites", response={201: RequisitesShape})
def add_requisites(request: ApiRequest, client_id: Id, body: RequisitesMake) -> Any:
    company = one(seen(request), client_id)
    return Status(201, _shape(actions.add_requisites(company.pk, by=request.caller.actor, values=body.dict())))


@router.patch("/clients/{client_id}/requisites/{requisites_id}", response=RequisitesShape)
def change_requisites(
    request: ApiRequest, response: HttpResponse, client_id: Id, requisites_id: Id, body: RequisitesChange
) -> dict[str, Any]:
    found = one(Requisites.objects.filter(company=one(seen(request), client_id)), requisites_id)
    with transaction.atomic():
        locked = Requisites.objects.select_for_update().get(pk=found.pk)
        check_version(request, _version(locked), body.version)
        given = body.dict(exclude_none=True, exclude={"version"})
        changed = actions.change_requisites(locked.pk, by=request.caller.actor, values=given)
    return tagged(response, _shape(changed))


@router.delete("/clients/{client_id}/requisites/{requisites_id}", response={204: None})
def remove_requisites(request: ApiRequest, client_id: Id, requisites_id: Id) -> Any:
    requisites = one(Requisites.objects.filter(company=one(seen(request), client_id)), requisites_id)
    actions.remove_requisites(requisites.pk, by=request.caller.actor)
    return Status(204, None)


def _shape(row: Requisites) -> dict[str, Any]:
    plain = {key: getattr(row, key) for key in ("id", *actions.REQUISITES_FIELDS)}
    return {**plain, "version": _version(row)}


def _version(row: Requisites) -> str:
    return version_of(*(getattr(row, key) for key in actions.REQUISITES_FIELDS))
