"""Writes about people. `by` is whoever asks; a role needs `manage_people` for others."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from .models import Brand, Location, Person, Role, Seat, Shift, Team

STAFF_AUDIENCE = [EVERYTHING]


def hire_person(
    *,
    by: Actor,
    name: str,
    email: str,
    password: str,
    role: Role,
    seat: Seat | None = None,
    team: Team | None = None,
    brands: Iterable[Brand] = (),
    locations: Iterable[Location] = (),
    time_zone: str = "Europe/Moscow",
    language: str = "ru",
) -> Person:
    """Let somebody in. Without `seat` a seat of their own is made. Raises FieldErrors."""
    _require_manage(by)
    name, email = name.strip(), email.strip().lower()
    errors = _identity_errors(name=name, email=email) | _password_errors(password)
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        if Person.objects.filter(email__iexact=email).exists():
            raise FieldErrors({"email": _("Somebody with this e-mail already works here.")})
        person = Person(
            name=name,
            email=email,
            role=role,
            seat=seat or Seat.objects.create(name=name),
            team=team,
            time_zone=time_zone,
            language=language,
            created_at=clock.now(),
        )
        person.set_password(password)
        person.save()
        person.brands.set(brands)
        person.locations.set(locations)
        _record("person.hired", person, by, {"name": name, "role": role.key})
    return person


def change_person(
    person: Person,
    *,
    by: Actor,
    name: str,
    email: str,
    role: Role,
    seat: Seat | None = None,
    team: Team | None = None,
    brands: Sequence[Brand] = (),
    locations: Sequence[Location] = (),
) -> Person:
    """Change who somebody is here. `seat=None` keeps the seat. The last director stays a director."""
    _require_manage(by)
    name, email = name.strip(), email.strip().lower()
    if errors := _identity_errors(name=name, email=email):
        raise FieldErrors(errors)
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).select_related("role").get(pk=person.pk)
        if role != person.role:
            _keep_somebody_who_manages(person, role.may)
        before = {"name": person.name, "email": person.email, "role": person.role.key, "seat": person.seat_id}
        person.name, person.email, person.role, person.team = name, email, role, team
        person.seat = seat or person.seat
        try:
            with transaction.atomic():
                person.save()
        except IntegrityError as error:
            raise FieldErrors({"email": _("Somebody with this e-mail already works here.")}) from error
        person.brands.set(brands)
        person.locations.set(locations)
        after = {"name": name, "email": email, "role": role.key, "seat": person.seat_id}
        changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        _record("person.changed", person, by, {"changes": changes})
    return person


def set_active(person: Person, *, by: Actor, active: bool) -> None:
    """Switch somebody off (their sessions end) or on again."""
    _require_manage(by)
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).select_related("role").get(pk=person.pk)
        if person.is_active == active:
            return
        if not active:
            if by.person_id == person.pk:
                raise Refusal(_("You can't switch yourself off."))
            _keep_somebody_who_manages(person, [])
        person.is_active = active
        person.save(update_fields=["is_active"])
        _record("person.switched_on" if active else "person.switched_off", person, by)


def set_password(person: Person, *, by: Actor, password: str) -> None:
    """A new password; other sessions of the person end with it."""
    if by.person_id != person.pk:
        _require_manage(by)
    if errors := _password_errors(password, person):
        raise FieldErrors(errors)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        _record("person.password_changed", person, by)


def change_profile(
    person: Person, *, by: Actor, name: str, phone: str, time_zone: str, language: str, theme: str
) -> None:
    """What people set for themselves. Values are checked by the form."""
    if not name.strip():
        raise FieldErrors({"name": _("Write the name.")})
    with transaction.atomic():
        person.name, person.phone = name.strip(), phone.strip()
        person.time_zone, person.language, person.theme = time_zone, language, theme
        person.save(update_fields=["name", "phone", "time_zone", "language", "theme"])
        _record("person.profile_changed", person, by)


def plan_shift(person: Person, *, by: Actor, starts_at: datetime, ends_at: datetime) -> Shift:
    """Plan working time. Shifts of one person don't overlap."""
    _require_manage(by)
    if ends_at <= starts_at:
        raise FieldErrors({"ends_at": _("A shift ends after it starts.")})
    with transaction.atomic():
        try:
            with transaction.atomic():
                shift = Shift.objects.create(person=person, span=TimestamptzRange(starts_at, ends_at))
        except IntegrityError as error:
            raise FieldErrors({"starts_at": _("This shift overlaps another one of the same person.")}) from error
        _record("shift.planned", person, by, {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()})
    return shift


def cancel_shift(shift: Shift, *, by: Actor) -> None:
    _require_manage(by)
    with transaction.atomic():
        person, span = shift.person, shift.span
        shift.delete()
        data = {"starts_at": span.lower.isoformat(), "ends_at": span.upper.isoformat()}
        _record("shift.cancelled", person, by, data)


def _require_manage(by: Actor) -> None:
    if not by.may("manage_people"):
        raise Refusal(_("Your role may not manage people."))


def _keep_somebody_who_manages(person: Person, new_permissions: Sequence[str]) -> None:
    """Lock-out is refused: at least one active person keeps `manage_people`."""
    if "manage_people" in new_permissions or "manage_people" not in person.role.may:
        return
    others = Person.objects.filter(is_active=True, role__may__contains=["manage_people"]).exclude(pk=person.pk)
    if not others.exists():
        raise Refusal(_("{name} is the last one who can manage people.").format(name=person.name))


def _identity_errors(*, name: str, email: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = _("Write the name.")
    if "@" not in email or email.startswith("@") or email.endswith("@"):
        errors["email"] = _("Write an e-mail, for example maria@company.com.")
    return errors


def _password_errors(password: str, person: Person | None = None) -> dict[str, str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    return {}


def _record(kind: str, person: Person, by: Actor, data: dict | None = None) -> None:
    record(kind, Refs(audience=STAFF_AUDIENCE), by=by, data={"person": person.pk, **(data or {})})
