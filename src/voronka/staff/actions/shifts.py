from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person, Shift
from voronka.staff.rights import record_person, require_manage_of
from voronka.staff.rules import shift_span

#: One planning covers at most this many shifts: a quarter of a year, every day.
LONGEST_PLAN = 92


@dataclass(frozen=True, kw_only=True)
class Planned:
    """`made`: new shifts; `kept`: days that had a shift already and stayed as they were."""

    made: int
    kept: int


def plan_shift(person: Person, *, by: Actor, starts_at: datetime, ends_at: datetime) -> Shift:
    """Plan working time. Shifts of one person don't overlap. Raises FieldErrors, Refusal."""
    require_manage_of(by, person)
    if ends_at <= starts_at:
        raise FieldErrors({"ends_at": _("A shift ends after it starts.")})
    with transaction.atomic():
        shift = _try(person, starts_at, ends_at)
        if shift is None:
            raise FieldErrors({"starts_at": _("This shift overlaps another one of the same person.")})
        record_person("shift.planned", person, by, _span(starts_at, ends_at))
    return shift


def plan_shifts(
    person: Person, *, by: Actor, days: Sequence[date], starts: time, ends: time, zone: ZoneInfo
) -> Planned:
    """Plan the same hours on many days. A day whose hours are taken keeps what it has. Raises FieldErrors, Refusal."""
    require_manage_of(by, person)
    if not days:
        raise FieldErrors({"last": _("There is no working day in this time.")})
    if len(days) > LONGEST_PLAN:
        raise FieldErrors({"last": _("Plan at most {count} shifts at once.").format(count=LONGEST_PLAN)})
    made = 0
    with transaction.atomic():
        for day in days:
            starts_at, ends_at = shift_span(day, starts, ends, zone)
            if _try(person, starts_at, ends_at):
                record_person("shift.planned", person, by, _span(starts_at, ends_at))
                made += 1
    return Planned(made=made, kept=len(days) - made)


def cancel_shift(shift: Shift, *, by: Actor) -> None:
    require_manage_of(by, shift.person)
    with transaction.atomic():
        person, span = shift.person, shift.span
        deleted, _rows = Shift.objects.filter(pk=shift.pk).delete()
        if deleted:
            record_person("shift.cancelled", person, by, _span(span.lower, span.upper))


def _try(person: Person, starts_at: datetime, ends_at: datetime) -> Shift | None:
    """The new shift, or None when the time is taken."""
    try:
        with transaction.atomic():
            return Shift.objects.create(person=person, span=TimestamptzRange(starts_at, ends_at))
    except IntegrityError:
        return None


def _span(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
