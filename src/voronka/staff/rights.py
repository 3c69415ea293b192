"""Who may manage whom: a role needs `manage_people`, and nobody gives or takes more rights than they have."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from .access import reach_of, within
from .models import Brand, Location, Person, Role, Seat

STAFF_AUDIENCE = [EVERYTHING]


def require_manage(by: Actor) -> None:
    if not by.may("manage_people"):
        raise Refusal(_("Your role may not manage people."))


def may_manage(by: Actor, person: Person) -> bool:
    """Whether `by` has at least the rights of `person`; everybody manages only those."""
    if by.reach is None:
        return True
    return by.may("manage_people") and within(
        reach=by.reach,
        permissions=by.permissions,
        wanted=_without_location_heads(by, person.reach, person.locations.all()),
        wanted_permissions=person.role.may,
    )


def require_manage_of(by: Actor, person: Person) -> None:
    require_manage(by)
    if not may_manage(by, person):
        raise Refusal(
            _("{name} has rights that you don't have. Ask somebody who has them.").format(name=person.name),
            rule="rights",
        )


def may_grant(by: Actor, role: Role, *, brands: Iterable[Brand] = (), locations: Iterable[Location] = ()) -> bool:
    """Whether somebody of `role` in these brands and locations would have no more rights than `by`."""
    if by.reach is None:
        return True
    locations = list(locations)
    wanted = reach_of(
        sees=role.sees,
        sees_untaken=role.sees_untaken,
        seat=0,
        brands=[brand.pk for brand in brands],
        locations=[location.pk for location in locations],
    )
    return within(
        reach=by.reach,
        permissions=by.permissions,
        wanted=_without_location_heads(by, wanted, locations),
        wanted_permissions=role.may,
    )


def require_grant(by: Actor, role: Role, *, brands: Iterable[Brand], locations: Iterable[Location]) -> None:
    if not may_grant(by, role, brands=brands, locations=locations):
        raise Refusal(_("You can't give more rights than you have yourself."), rule="rights")


def require_share(by: Actor, seat: Seat, *, person: Person | None = None) -> None:
    """To share a seat is to see its deals: everyone on it must be somebody whom `by` manages."""
    for other in seat.people.select_related("role").prefetch_related("brands", "locations"):
        if person is None or other.pk != person.pk:
            require_manage_of(by, other)


def one_at_a_time() -> None:
    """Changes of rights wait for each other, so that two people can't take the last keys from one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('voronka.staff.rights'))")


def keep_somebody_who_manages(person: Person, new_permissions: Iterable[str]) -> None:
    """Lock-out is refused: at least one active person keeps `manage_people`."""
    if not person.is_active:
        return
    if "manage_people" not in person.role.may or "manage_people" in new_permissions:
        return
    others = Person.objects.filter(is_active=True, role__may__contains=["manage_people"]).exclude(pk=person.pk)
    if not others.exists():
        raise Refusal(_("{name} is the last one who can manage people.").format(name=person.name), rule="last")


def keep_somebody_who_sees_all(person: Person, new_sees: str) -> None:
    """The last director stays: without one nobody could ever grant that role again."""
    all_seeing = Role.Sees.ALL
    if not person.is_active or person.role.sees != all_seeing or new_sees == all_seeing:
        return
    others = Person.objects.filter(is_active=True, role__sees=all_seeing, role__may__contains=["manage_people"])
    if "manage_people" in person.role.may and not others.exclude(pk=person.pk).exists():
        raise Refusal(
            _("{name} is the last one who sees the whole company and manages people.").format(name=person.name),
            rule="last",
        )


def record_person(kind: str, person: Person, by: Actor, data: dict | None = None) -> None:
    record(kind, Refs(audience=STAFF_AUDIENCE), by=by, data={"person": person.pk, **(data or {})})


def _without_location_heads(by: Actor, tokens: frozenset[str], locations: Iterable[Location]) -> frozenset[str]:
    """The head of a brand holds its locations too."""
    assert by.reach is not None
    held = {f"l:{location.pk}" for location in locations if f"b:{location.brand_id}" in by.reach}
    return tokens - held
