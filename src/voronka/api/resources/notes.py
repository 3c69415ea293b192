"""Notes of deals and clients, newest first."""

from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from voronka.clients import actions as clients
from voronka.clients.models import Company, Note
from voronka.deals import actions as deals
from voronka.deals.models import Deal

from ..door import ApiRequest, Door
from ..gate import one, tagged
from ..paging import Id, Page, Paging, Text, page_of
from ..versions import check_version, version_of

router = Router(auth=Door("notes"), tags=["notes"])


class NoteShape(Schema):
    id: int
    deal: int | None
    client: int
    author: int | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    is_pinned: bool
    version: str


class NoteChange(Schema):
    text: Annotated[Text, Field(min_length=1)]
    version: str | None = None


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


@router.patch("/deals/{deal_id}/notes/{note_id}", response=NoteShape)
def edit_deal_note(request: ApiRequest, response: HttpResponse, deal_id: Id, note_id: Id, body: NoteChange) -> Any:
    """Another text; by its author only. With `If-Match` or `version` only if nobody has changed it since."""
    note_of(request, deal_id, note_id)
    with transaction.atomic():
        note = Note.objects.select_for_update(of=("self",)).get(pk=note_id)
        check_version(request, shape(note)["version"], body.version)
        note = deals.edit_note(note_id, by=request.caller.actor, text=body.text)
    return tagged(response, shape(note))


@router.delete("/deals/{deal_id}/notes/{note_id}", response={204: None})
def remove_deal_note(request: ApiRequest, deal_id: Id, note_id: Id) -> Any:
    """By its author only; on the card the author can put it back."""
    deals.delete_note(note_of(request, deal_id, note_id).pk, by=request.caller.actor)
    return Status(204, None)


@router.put("/deals/{deal_id}/notes/{note_id}/pin", response=NoteShape)
def pin_deal_note(request: ApiRequest, deal_id: Id, note_id: Id) -> Any:
    """Keep it over the timeline."""
    return shape(deals.pin_note(note_of(request, deal_id, note_id).pk, by=request.caller.actor, pinned=True))


@router.delete("/deals/{deal_id}/notes/{note_id}/pin", response=NoteShape)
def unpin_deal_note(request: ApiRequest, deal_id: Id, note_id: Id) -> Any:
    return shape(deals.pin_note(note_of(request, deal_id, note_id).pk, by=request.caller.actor, pinned=False))


def note_of(request: ApiRequest, deal_id: int, note_id: int) -> Note:
    return one(Note.objects.filter(deal=deal_of(request, deal_id)), note_id)


def deal_of(request: ApiRequest, deal_id: int) -> Deal:
    return one(Deal.objects.visible_to(request.caller.person), deal_id)


def client_of(request: ApiRequest, client_id: int) -> Company:
    if not request.caller.person.may("see_clients"):
        raise Http404
    return one(Company.objects.visible_to(request.caller.person), client_id)


def shape(note: Note) -> dict[str, Any]:
    plain = {key: getattr(note, key) for key in ("id", "text", "created_at", "edited_at")}
    return {
        **plain,
        "deal": note.deal_id,
        "client": note.company_id,
        "author": note.author_id,
        "is_pinned": note.pinned_at is not None,
        "version": version_of(note.text),
    }
