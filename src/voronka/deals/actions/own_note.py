"""What becomes of a note: its author edits it, deletes it and puts it back; anybody who sees the deal pins it.

Events keep every text, so the history of a note is whole.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Note
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event

from ..models import Deal
from . import mentions
from ._rows import record_deal


def edit_note(note_id: int, *, by: Actor, text: str) -> Note:
    """Another text. Those named for the first time are told. Raises FieldErrors when nothing is left of it."""
    text = text.strip()
    if not text:
        raise FieldErrors({"text": _("Write something first.")})
    with transaction.atomic():
        note, deal = _own(note_id, by)
        old = note.text
        if text == old:
            return note
        note.text, note.edited_at = text, clock.now()
        note.save(update_fields=["text", "edited_at"])
        named = mentions.tell(deal, note, by, before=old) if "@" in text else []
        record_deal("note.edited", deal, by, {"note": note.pk, "changes": {"text": [old, text]}, "mentions": named})
    return note


def delete_note(note_id: int, *, by: Actor) -> Note:
    """Out of sight and of search; the history tells that it was there."""
    with transaction.atomic():
        note, deal = _own(note_id, by)
        text, note.text = note.text, ""
        note.deleted_at, note.pinned_at = clock.now(), None
        note.save(update_fields=["text", "deleted_at", "pinned_at"])
        record_deal("note.deleted", deal, by, {"note": note.pk, "text": text})
    return note


def restore_note(note_id: int, *, by: Actor) -> Note:
    """Its author puts a deleted note back."""
    with transaction.atomic():
        note, deal = _own(note_id, by, deleted=True)
        gone = Event.objects.filter(deal_id__in=deal.all_ids, kind="note.deleted", data__note=note.pk).latest("pk")
        note.text, note.deleted_at = gone.data["text"], None
        note.save(update_fields=["text", "deleted_at"])
        record_deal("note.restored", deal, by, {"note": note.pk})
    return note


def pin_note(note_id: int, *, by: Actor, pinned: bool) -> Note:
    """Keep it over the timeline, or let it go down again."""
    with transaction.atomic():
        note, deal = _seen(note_id, by)
        if (note.pinned_at is not None) != pinned:
            note.pinned_at = clock.now() if pinned else None
            note.save(update_fields=["pinned_at"])
            record_deal("note.pinned" if pinned else "note.unpinned", deal, by, {"note": note.pk})
    return note


def _own(note_id: int, by: Actor, *, deleted: bool = False) -> tuple[Note, Deal]:
    note, deal = _seen(note_id, by, deleted=deleted)
    if note.author_id != by.person_id:
        raise Refusal(_("A note is changed by its author only."), rule="author")
    return note, deal


def _seen(note_id: int, by: Actor, *, deleted: bool = False) -> tuple[Note, Deal]:
    notes = Note.with_deleted.select_for_update(of=("self",)).filter(deleted_at__isnull=not deleted)
    note = notes.get(pk=note_id)
    deal = Deal.objects.get(notes=note)
    if by.reach is not None and not access.sees(by.reach, deal.audience):
        raise Refusal(_("This deal is not yours."), rule="gate")
    return note, deal
