from collections.abc import Iterable, Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff import rights
from voronka.staff.models import Brand, Location, Person, Role, Seat, Team


def hire_person(
    *,
    by: Actor,
    name: str,
    email: str,
    password: str,
    role: Role,
    phone: str = "",
    seat: Seat | None = None,
    team: Team | None = None,
    brands: Iterable[Brand] = (),
    locations: Iterable[Location] = (),
    time_zone: str = "Europe/Moscow",
    language: str = "ru",
) -> Person:
    """Let somebody in. Without `seat` a seat of their own is made. Raises FieldErrors, Refusal."""
    rights.require_manage(by)
    name, email = name.strip(), email.strip().lower()
    if errors := _identity_errors(name=name, email=email) | password_errors(password):
        raise FieldErrors(errors)
    brands, locations = list(brands), list(locations)
    rights.require_grant(by, role, brands=brands, locations=locations)
    with transaction.atomic():
        if seat:
            rights.require_share(by, seat)
        person = Person(
            name=name,
            email=email,
            phone=phone.strip(),
            role=role,
            seat=seat or Seat.objects.create(name=name),
            team=team,
            time_zone=time_zone,
            language=language,
            created_at=clock.now(),
        )
        person.set_password(password)
        _save(person)
        person.brands.set(brands)
        person.locations.set(locations)
        rights.record_person("person.hired", person, by, {"name": name, "role": role.key})
    return person


def change_person(
    person: Person,
    *,
    by: Actor,
    name: str,
    email: str,
    role: Role,
    phone: str | None = None,
    seat: Seat | None = None,
    own_seat: bool = False,
    team: Team | None = None,
    brands: Sequence[Brand] = (),
    locations: Sequence[Location] = (),
) -> Person:
    """Change who somebody is here. `seat=None` keeps the seat, `own_seat` parts them from those they share it with;
    deals stay with the seat. The last director stays a director. Raises FieldErrors, Refusal.
    """
    rights.require_manage(by)
    name, email = name.strip(), email.strip().lower()
    if errors := _identity_errors(name=name, email=email):
        raise FieldErrors(errors)
    with transaction.atomic():
        person = _locked(person)
        rights.require_manage_of(by, person)
        rights.require_grant(by, role, brands=brands, locations=locations)
        rights.keep_somebody_who_manages(person, role.may)
        rights.keep_somebody_who_sees_all(person, role.sees)
        before = _facts(person)
        person.name, person.email, person.role, person.team = name, email, role, team
        person.phone = person.phone if phone is None else phone.strip()
        person.seat = _seat_for(person, by=by, seat=seat, own_seat=own_seat)
        _save(person)
        person.brands.set(brands)
        person.locations.set(locations)
        after = _facts(person)
        changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        rights.record_person("person.changed", person, by, {"changes": changes})
    return person


def set_active(person: Person, *, by: Actor, active: bool) -> None:
    """Switch somebody off (their sessions end) or on again."""
    rights.require_manage(by)
    with transaction.atomic():
        person = _locked(person)
        if person.is_active == active:
            return
        rights.require_manage_of(by, person)
        if not active:
            if by.person_id == person.pk:
                raise Refusal(_("You can't switch yourself off."))
            rights.keep_somebody_who_manages(person, [])
            rights.keep_somebody_who_sees_all(person, "")
        person.is_active = active
        person.session_epoch += 1
        person.save(update_fields=["is_active", "session_epoch"])
        rights.record_person("person.switched_on" if active else "person.switched_off", person, by)


def set_password(person: Person, *, by: Actor, password: str) -> None:
    """A new password for somebody else; all their sessions end with it."""
    if by.person_id != person.pk:
        rights.require_manage_of(by, person)
    if errors := password_errors(password, person):
        raise FieldErrors(errors)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        rights.record_person("person.password_changed", person, by)


def password_errors(password: str, person: Person | None = None) -> dict[str, str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    return {}


def _locked(person: Person) -> Person:
    rights.one_at_a_time()
    Person.objects.select_for_update().values_list("pk").get(pk=person.pk)
    return Person.objects.select_related("role").get(pk=person.pk)


def _seat_for(person: Person, *, by: Actor, seat: Seat | None, own_seat: bool) -> Seat:
    if own_seat and person.seat.people.exclude(pk=person.pk).exists():
        return Seat.objects.create(name=person.name)
    if seat is None or seat.pk == person.seat_id:
        return person.seat
    rights.require_share(by, seat, person=person)
    return seat


def _facts(person: Person) -> dict:
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role.key,
        "seat": person.seat_id,
        "team": person.team_id,
        "brands": sorted(person.brands.values_list("key", flat=True)),
        "locations": sorted(person.locations.values_list("key", flat=True)),
    }


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise FieldErrors({"email": _("Somebody with this e-mail already works here.")}) from error


def _identity_errors(*, name: str, email: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = _("Write the name.")
    try:
        validate_email(email)
    except ValidationError:
        errors["email"] = _("Write an e-mail, for example maria@company.com.")
    return errors
