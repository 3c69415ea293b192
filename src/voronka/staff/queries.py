from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from voronka.kernel import clock
from voronka.kernel.models import Installation

from .models import Person, Shift

Asked = TypeVar("Asked")

_asked: ContextVar[dict[Any, Any] | None] = ContextVar("voronka_company_time", default=None)


def company_zone() -> ZoneInfo:
    """Time zone of the company; Moscow before the first run."""
    return asked_once("zone", _company_zone)


def _company_zone() -> ZoneInfo:
    name = Installation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name or "Europe/Moscow")


def asked_once(key: Any, ask: Callable[[], Asked]) -> Asked:
    """What `ask` says; within `one_zone` it is asked but once."""
    asked = _asked.get()
    if asked is None:
        return ask()
    if key not in asked:
        asked[key] = ask()
    return asked[key]


@contextmanager
def one_zone() -> Iterator[None]:
    """Within the block the zone and the shifts are asked of the database once: a page needs them in many places."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


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
