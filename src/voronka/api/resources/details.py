"""Addresses and requisites of clients."""

from typing import Annotated, Any

from ninja import Field, Router, Schema, Status

from voronka.clients import actions
from voronka.clients.models import Address, Requisites

from ..door import ApiRequest, Door
from ..gate import one
from ..paging import Id, Line
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
    return one(seen(request), client_id).requisites.order_by("id")


@router.post("/clients/{client_id}/requisites", response={201: RequisitesShape})
def add_requisites(request: ApiRequest, client_id: Id, body: RequisitesMake) -> Any:
    company = one(seen(request), client_id)
    return Status(201, actions.add_requisites(company.pk, by=request.caller.actor, values=body.dict()))


@router.delete("/clients/{client_id}/requisites/{requisites_id}", response={204: None})
def remove_requisites(request: ApiRequest, client_id: Id, requisites_id: Id) -> Any:
    requisites = one(Requisites.objects.filter(company=one(seen(request), client_id)), requisites_id)
    actions.remove_requisites(requisites.pk, by=request.caller.actor)
    return Status(204, None)
