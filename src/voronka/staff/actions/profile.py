"""What people set for themselves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.staff.rights import record_person

from .people import password_errors

#: `last_seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=1)
_noted: dict[int, datetime] = {}


def change_profile(
    person: Person, *, by: Actor, name: str, phone: str, time_zone: str, language: str, theme: str
) -> None:
    """Values are checked by the form."""
    if not name.strip():
        raise FieldErrors({"name": _("Write the name.")})
    with transaction.atomic():
        person.name, person.phone = name.strip(), phone.strip()
        person.time_zone, person.language, person.theme = time_zone, language, theme
        person.save(update_fields=["name", "phone", "time_zone", "language", "theme"])
        record_person("person.profile_changed", person, by)


def set_theme(person: Person, *, by: Actor, theme: str) -> None:
    """Light, dark or as the system has it: `Person.Theme`."""
    if theme not in Person.Theme.values:
        raise FieldErrors({"theme": _("There is no such theme.")})
    with transaction.atomic():
        person.theme = theme
        person.save(update_fields=["theme"])
        record_person("person.profile_changed", person, by)


def change_own_password(person: Person, *, by: Actor, current: str, password: str) -> None:
    """A new password by somebody who knows the old one; sessions elsewhere end with it."""
    errors = {} if person.check_password(current) else {"current": _("This is not your present password.")}
    if errors := errors | password_errors(password, person):
        raise FieldErrors(errors)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record_person("person.password_changed", person, by)


def sign_out_elsewhere(person: Person, *, by: Actor) -> None:
    """End every session of the person; the caller renews the one at hand."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
        person.refresh_from_db(fields=["session_epoch"])
        record_person("person.signed_out_elsewhere", person, by)


def touch(person: Person) -> None:
    """Note that the person is here. No event: it is not a change anybody decides."""
    now = clock.now()
    # The person is as kept by this process, so when it was last noted is remembered beside.
    noted = _noted.get(person.pk)
    if noted is None or abs(now - noted) >= SEEN_EVERY:
        _noted[person.pk] = now
        stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY)
        Person.objects.filter(stale, pk=person.pk).update(last_seen_at=now)
