"""Notes of deals and clients, newest first."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Field, Query, Router, Schema, Status

from voronka.clients import actions as clients
from voronka.clients.models import Company, Note
from voronka.deals import actions as deals
from voronka.deals.models import Deal

from ..door import ApiRequest, Door
from ..gate import one
from ..paging import Id, Page, Paging, Text, page_of

router = Router(auth=Door("notes"), tags=["notes"])


class NoteShape(Schema):
    id: int
    deal: int | None
    client: int
    author: int | None
    text: str
    created_at: datetime


class NoteMake(Schema):
    text: Annotated[Text, Field(min_length=1)]


@router.get("/deals/{deal_id}/notes", response=Page[NoteShape])
def list_deal_notes(request: ApiRequest, deal_id: Id, asked: Query[Paging]) -> dict[str, Any]:
    return page_of(Note.objects.filter(deal=deal_of(request, deal_id)), asked, shape)


@router.post("/deals/{deal_id}/notes", response={201: NoteShape})
def add_deal_note(request: ApiRequest, deal_id: Id, body: NoteMake) -> Any:
    """Whoever sees the deal may write one."""
    return Status(201, shape(deals.add_note(deal_of(request, deal_id).pk, by=request.caller.actor, text=body.text)))


@router.get("/clients/{client_id}/notes", response=Page[NoteShape])
def list_client_notes(request: ApiRequest, client_id: Id, asked: Query[Paging]) -> dict[str, Any]:
    """Notes about the client itself; those of its deals stand at the deals."""
    return page_of(Note.objects.filter(company=client_of(request, client_id), deal=None), asked, shape)


@router.post("/clients/{client_id}/notes", response={201: NoteShape})
def add_client_note(request: ApiRequest, client_id: Id, body: NoteMake) -> Any:
    return Status(
        201, shape(clients.add_note(client_of(request, client_id).pk, by=request.caller.actor, text=body.text))
    )


def deal_of(request: ApiRequest, deal_id: int) -> Deal:
    return one(Deal.objects.visible_to(request.caller.person), deal_id)


def client_of(request: ApiRequest, client_id: int) -> Company:
    if not request.caller.person.may("see_clients"):
        raise Http404
    return one(Company.objects.visible_to(request.caller.person), client_id)


def shape(note: Note) -> dict[str, Any]:
    plain = {key: getattr(note, key) for key in ("id", "text", "created_at")}
    return {**plain, "deal": note.deal_id, "client": note.company_id, "author": note.author_id}
