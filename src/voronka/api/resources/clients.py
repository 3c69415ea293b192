"""Clients: companies and families with their contacts, and how each contact is reached."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpResponse
from ninja import Field, Query, Router, Schema, Status

from voronka.clients import actions
from voronka.clients.merges import holder_of
from voronka.clients.models import Company, Contact, Identity
from voronka.clients.tags import shown

from ..door import ApiRequest, Caller, Door
from ..gate import moved, named, one, tagged
from ..paging import Filtered, Id, Line, Page, Text, filtered, page_of
from ..versions import check_version, version_of

router = Router(auth=Door("clients", permission="see_clients"), tags=["clients"])

Kind = Literal["family", "legal", "proprietor"]
Way = Literal["phone", "email", "telegram", "whatsapp", "vk", "instagram"]


class IdentityShape(Schema):
    id: int
    kind: str
    value: str


class IdentityMake(Schema):
    """A phone in any spelling, an e-mail, a name in a messenger: kept normalised."""

    kind: Way
    value: Line


class ContactShape(Schema):
    id: int
    client: int
    name: str
    position: str
    birthday: date | None
    is_child: bool
    identities: list[IdentityShape]
    created_at: datetime
    version: str


class ClientShape(Schema):
    id: int
    kind: str
    name: str
    comment: str
    tags: list[str]
    responsible: int | None
    created_at: datetime
    last_interaction_at: datetime | None
    version: str


class ClientWhole(ClientShape):
    contacts: list[ContactShape]


class ClientMake(Schema):
    """A client with its first contact. Without a `company_name` it is called as the contact."""

    name: Annotated[Line, Field(min_length=1)]
    kind: Kind = "family"
    company_name: Line = ""
    identities: Annotated[list[IdentityMake], Field(max_length=20)] = []


class ClientChange(Schema):
    name: Line | None = None
    kind: Kind | None = None
    comment: Text | None = None
    version: str | None = None


class ContactMake(Schema):
    client: Id
    name: Line
    position: Line = ""
    birthday: date | None = None
    is_child: bool = False


class ContactChange(Schema):
    """A birthday of null empties it."""

    name: Line | None = None
    position: Line | None = None
    birthday: date | None = None
    is_child: bool | None = None
    version: str | None = None


@router.get("/clients", response=Page[ClientShape])
def list_clients(request: ApiRequest, asked: Query[Filtered]) -> dict[str, Any]:
    return page_of(
        filtered(seen(request), asked, "clients", request.caller.person), asked, partial(shape, caller=request.caller)
    )


@router.post("/clients", response={201: ClientWhole})
def register_client(request: ApiRequest, response: HttpResponse, body: ClientMake) -> Any:
    """A new client. Whether it is known already is for the caller to ask first: GET /contacts with a filter."""
    person = request.caller.person
    contact = actions.register_client(
        by=request.caller.actor,
        name=body.name,
        kind=body.kind,
        company_name=body.company_name,
        identities=[(way.kind, actions.normalise(way.kind, way.value)) for way in body.identities],
        home=[f"s:{person.seat_id}", *(f"b:{brand.pk}" for brand in person.brands.all())],
    )
    return Status(201, tagged(response, whole(contact.company, request.caller)))


@router.get("/clients/{client_id}", response=ClientWhole)
def read_client(request: ApiRequest, response: HttpResponse, client_id: Id) -> Any:
    """One that became part of another is 301 to where it is now."""
    holder = holder_of("company", client_id)
    if holder != client_id and seen(request).filter(pk=holder).exists():
        return moved(f"/api/v1/clients/{holder}")
    return tagged(response, whole(one(seen(request), client_id), request.caller))


@router.patch("/clients/{client_id}", response=ClientWhole)
def edit_client(request: ApiRequest, response: HttpResponse, client_id: Id, body: ClientChange) -> dict[str, Any]:
    """Change what is given. With `If-Match` or `version` only if nobody has changed it since."""
    one(seen(request), client_id)
    with transaction.atomic():
        check_version(request, version(Company.objects.select_for_update().get(pk=client_id)), body.version)
        company = actions.change_company(client_id, by=request.caller.actor, values=_given(body))
    return tagged(response, whole(company, request.caller))


@router.get("/contacts", response=Page[ContactShape])
def list_contacts(request: ApiRequest, asked: Query[Filtered]) -> dict[str, Any]:
    """By a phone: `filter=["identities","some",["value","=","+79215550142"]]`."""
    rows = Contact.objects.visible_to(request.caller.person).prefetch_related("identities")
    return page_of(filtered(rows, asked, "contacts", request.caller.person), asked, contact_shape)


@router.post("/contacts", response={201: ContactShape})
def add_contact(request: ApiRequest, response: HttpResponse, body: ContactMake) -> Any:
    company = named(seen(request), "client", body.client)
    assert company is not None
    contact = actions.add_contact(company, by=request.caller.actor, **body.dict(exclude={"client"}))
    return Status(201, tagged(response, contact_shape(contact)))


@router.get("/contacts/{contact_id}", response=ContactShape)
def read_contact(request: ApiRequest, response: HttpResponse, contact_id: Id) -> Any:
    """One that became part of another is 301 to where it is now."""
    holder = holder_of("contact", contact_id)
    if holder != contact_id:
        return moved(f"/api/v1/contacts/{contact_of(request, holder).pk}")
    return tagged(response, contact_shape(contact_of(request, contact_id)))


@router.patch("/contacts/{contact_id}", response=ContactShape)
def edit_contact(request: ApiRequest, response: HttpResponse, contact_id: Id, body: ContactChange) -> dict[str, Any]:
    contact_of(request, contact_id)
    with transaction.atomic():
        locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
        check_version(request, contact_version(locked), body.version)
        contact = actions.change_contact(
            contact_id, by=request.caller.actor, values=_given(body, empties=("birthday",))
        )
    return tagged(response, contact_shape(contact))


@router.post("/contacts/{contact_id}/identities", response={201: IdentityShape})
def add_identity(request: ApiRequest, contact_id: Id, body: IdentityMake) -> Any:
    """A further way to reach; one that is known already is answered as it is."""
    contact = contact_of(request, contact_id)
    return Status(201, actions.add_identity(contact.pk, by=request.caller.actor, kind=body.kind, raw=body.value))


@router.delete("/contacts/{contact_id}/identities/{identity_id}", response={204: None})
def remove_identity(request: ApiRequest, contact_id: Id, identity_id: Id) -> Any:
    identity = one(Identity.objects.filter(contact=contact_of(request, contact_id)), identity_id)
    actions.remove_identity(identity.pk, by=request.caller.actor)
    return Status(204, None)


def seen(request: ApiRequest) -> Any:
    return Company.objects.visible_to(request.caller.person)


def contact_of(request: ApiRequest, contact_id: int) -> Contact:
    return one(Contact.objects.visible_to(request.caller.person), contact_id)


def _given(body: Schema, *, empties: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the caller has sent; null leaves a field alone, but for those that may be emptied."""
    sent = body.dict(exclude_unset=True, exclude={"version"})
    return {key: value for key, value in sent.items() if value is not None or key in empties}


def version(company: Company) -> str:
    return version_of(*(getattr(company, key) for key in actions.COMPANY_FIELDS))


def contact_version(contact: Contact) -> str:
    return version_of(*(getattr(contact, key) for key in actions.CONTACT_FIELDS))


def shape(company: Company, caller: Caller) -> dict[str, Any]:
    keys = ("id", "kind", "name", "comment", "created_at", "last_interaction_at")
    plain = {key: getattr(company, key) for key in keys}
    tags = [tag.title for tag in shown(company.tags, caller.tags)]
    return {**plain, "tags": tags, "responsible": company.responsible_id, "version": version(company)}


def whole(company: Company, caller: Caller) -> dict[str, Any]:
    contacts = company.contacts.prefetch_related("identities").order_by("id")
    return {**shape(company, caller), "contacts": [contact_shape(contact) for contact in contacts]}


def contact_shape(contact: Contact) -> dict[str, Any]:
    plain = {key: getattr(contact, key) for key in ("id", "name", "position", "birthday", "is_child", "created_at")}
    return {
        **plain,
        "client": contact.company_id,
        "identities": list(contact.identities.all()),
        "version": contact_version(contact),
    }
