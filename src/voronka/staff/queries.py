from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from voronka.kernel import clock
from voronka.kernel.models import Installation

from .models import Person, Shift


def company_zone() -> ZoneInfo:
    """Time zone of the company; Moscow before the first run."""
    name = Installation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name or "Europe/Moscow")


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
