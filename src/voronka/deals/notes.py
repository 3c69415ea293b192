"""Reads of notes in a deal that came through the gate."""

from collections.abc import Iterable

from voronka.clients.models import Note
from voronka.kernel.models import Event

from .models import Deal
from .queries import NOTE_ACTS


def brought_by(events: Iterable[Event]) -> dict[int, Note]:
    """The notes that these events brought, as they are now, the deleted ones too."""
    ids = [event.data["note"] for event in events if event.kind == "note.added" and "note" in event.data]
    return {note.pk: note for note in Note.with_deleted.filter(pk__in=ids)} if ids else {}


def pinned(deal: Deal) -> list[Note]:
    return list(deal.notes.filter(pinned_at__isnull=False).select_related("author").order_by("-pinned_at"))


def touched(deal: Deal, *, after: int) -> list[Event]:
    """Events that brought notes which were edited, deleted or pinned after the event with this id."""
    acts = Event.objects.filter(deal_id=deal.pk, pk__gt=after, kind__in=NOTE_ACTS)
    ids = {act.data["note"] for act in acts}
    brought = Event.objects.filter(deal_id=deal.pk, pk__lte=after, kind="note.added", data__note__in=ids)
    return list(brought.order_by("id")) if ids else []


def history(deal: Deal, note: Note) -> list[Event]:
    """What was written and when, oldest first."""
    kinds = ("note.added", *NOTE_ACTS)
    return list(Event.objects.filter(deal_id=deal.pk, kind__in=kinds, data__note=note.pk).order_by("id"))
