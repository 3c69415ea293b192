"""Reads of notes in a deal that came through the gate."""

from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Q

from voronka.clients.models import Note
from voronka.kernel.models import Event

from .models import Deal
from .queries import NOTE_ACTS


def brought_by(events: Iterable[Event]) -> dict[int, Note]:
    """The notes that these events brought, as they are now, the deleted ones too."""
    ids = _ids(events)
    return {note.pk: note for note in Note.with_deleted.filter(pk__in=ids)} if ids else {}


def pinned(deal: Deal) -> list[Note]:
    return shown(deal, ())[1]


def shown(deal: Deal, events: Iterable[Event]) -> tuple[dict[int, Note], list[Note]]:
    """What the events brought, see `brought_by`, and what is pinned, the latest first. One query."""
    brought = _ids(events)
    wanted = Q(deal=deal, pinned_at__isnull=False, deleted_at=None)
    found = Note.with_deleted.filter(wanted | Q(pk__in=brought) if brought else wanted).select_related("author")
    standing = [note for note in found if note.pinned_at and note.deleted_at is None]
    standing.sort(key=attrgetter("pinned_at"), reverse=True)
    return {note.pk: note for note in found if note.pk in brought}, standing


def _ids(events: Iterable[Event]) -> list[int]:
    return [event.data["note"] for event in events if event.kind == "note.added" and "note" in event.data]


def touched(deal: Deal, *, after: int) -> list[Event]:
    """Events that brought notes which were edited, deleted or pinned after the event with this id."""
    acts = Event.objects.filter(deal_id__in=deal.all_ids, pk__gt=after, kind__in=NOTE_ACTS)
    ids = {act.data["note"] for act in acts}
    brought = Event.objects.filter(deal_id__in=deal.all_ids, pk__lte=after, kind="note.added", data__note__in=ids)
    return list(brought.order_by("id")) if ids else []


def history(deal: Deal, note: Note) -> list[Event]:
    """What was written and when, oldest first."""
    kinds = ("note.added", *NOTE_ACTS)
    return list(Event.objects.filter(deal_id__in=deal.all_ids, kind__in=kinds, data__note=note.pk).order_by("id"))
