from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from voronka.kernel import clock, shelf
from voronka.kernel.models import Installation

from .models import Brand, Location, Person, Role, Shift

Asked = TypeVar("Asked")

_asked: ContextVar[dict[Any, Any] | None] = ContextVar("voronka_company_time", default=None)


def _company_zone() -> ZoneInfo:
    name = Installation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name or "Europe/Moscow")


#: Time zone of the company; Moscow before the first run.
company_zone = shelf.Kept(_company_zone, Installation)


def asked_once(key: Any, ask: Callable[[], Asked]) -> Asked:
    """What `ask` says; within `one_asking` it is asked but once."""
    asked = _asked.get()
    if asked is None:
        return ask()
    if key not in asked:
        asked[key] = ask()
    return asked[key]


@contextmanager
def one_asking() -> Iterator[None]:
    """Within the block the shifts are asked of the database once: a page needs them in many places."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def _everybody() -> QuerySet[Person]:
    brands = Person.brands.through.objects.filter(person=OuterRef("pk")).values("brand_id")
    locations = Person.locations.through.objects.filter(person=OuterRef("pk")).values("location_id")
    reach = {"brand_ids": ArraySubquery(brands), "location_ids": ArraySubquery(locations)}
    return Person.objects.annotate(**reach).select_related("role").order_by("name", "id")


#: Everybody by id, those who are switched off too, ready for the gate; `last_seen_at` may be old.
everybody = shelf.rows(_everybody, Person, Role, Person.brands.through, Person.locations.through)
brands = shelf.rows(lambda: Brand.objects.order_by("name"), Brand)
locations = shelf.rows(lambda: Location.objects.order_by("name"), Location)


def names() -> list[tuple[int, str]]:
    """Who works here, to choose from, by name."""
    return [(person.pk, person.name) for person in everybody().values() if person.is_active]


def names_of(ids: Iterable[object]) -> dict[int, str]:
    """Names of those among `ids` that are people, also of those who have left."""
    known = everybody()
    return {pk: known[pk].name for pk in ids if isinstance(pk, int) and pk in known}


def people() -> QuerySet[Person]:
    """Active people with role, ready for the gate."""
    return Person.objects.filter(is_active=True).select_related("role", "seat").prefetch_related("brands", "locations")


def on_shift(*, roles: Iterable[str], brand: int | None = None, location: int | None = None) -> list[Person]:
    """Active people of the roles whose shift is on now; people who have no shifts at all always count as on.

    `brand`: only those of the brand (or of no brand at all); `location`: only those of the location.
    """
    shifts = Shift.objects.filter(person=OuterRef("pk"))
    found = (
        people()
        .filter(role__key__in=list(roles))
        .filter(Exists(shifts.filter(span__contains=clock.now())) | ~Exists(shifts))
    )
    if brand is not None:
        found = found.filter(Q(brands=brand) | Q(brands=None))
    if location is not None:
        found = found.filter(locations=location)
    return list(found.distinct())
