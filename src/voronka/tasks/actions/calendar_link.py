"""The secret address of a person's calendar: made anew or ended; the old one is dead at once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from ..models import CalendarLink


def renew_link(person: Person, *, by: Actor) -> str:
    """A new secret, to be shown this once: only its digest is kept."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarLink.objects.update_or_create(
            person=person, defaults={"digest": digest(secret), "created_at": clock.now(), "read_at": None}
        )
        record("calendar_link.made", Refs(audience=[f"p:{person.pk}"]), by=by, data={"person": person.pk})
    return secret


def end_link(person: Person, *, by: Actor) -> None:
    with transaction.atomic():
        if CalendarLink.objects.filter(person=person).delete()[0]:
            record("calendar_link.ended", Refs(audience=[f"p:{person.pk}"]), by=by, data={"person": person.pk})


def note_read(link: CalendarLink) -> None:
    """Programs ask often: once in five minutes is told."""
    now = clock.now()
    if link.read_at is None or now - link.read_at > timedelta(minutes=5):
        CalendarLink.objects.filter(pk=link.pk).update(read_at=now)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
