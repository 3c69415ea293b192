"""Moments that a document means: durations in a funnel's calendar, moments by date fields in the company's zone."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from voronka.kernel.calendars import Calendar, Length, due, worked_between
from voronka.staff.calendars import calendar_of

from .values import Clock, Due

if TYPE_CHECKING:
    from .schema import Process

NOON = "12:00"


def calendar_for(process: "Process", funnel: str, clock: Clock | None) -> Calendar:
    """In what durations count in this funnel; one of shifts asks the database."""
    return calendar_of(process.clock_of(funnel, clock))


def moment_of(wanted: Due, fields: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """«1 day before visit_date at 12:00» for these fields: noon unless told; None while the date is empty."""
    day = fields.get(wanted.field)
    if not isinstance(day, str):
        return None
    clock = wanted.clock.strftime("%H:%M") if wanted.clock else fields.get(wanted.clock_field) or NOON
    try:
        moment = datetime.fromisoformat(day if "T" in day else f"{day}T{clock}")
    except ValueError:
        return None  # a value from before the field became a date
    if wanted.clock:
        moment = moment.replace(hour=wanted.clock.hour, minute=wanted.clock.minute)
    return (moment + wanted.shift).replace(tzinfo=zone)


def latest_turn(first: datetime, every: Length, now: datetime, calendar: Calendar) -> tuple[int, datetime]:
    """Of turns that began at `first` and come `every` so often: how many more have passed by `now`, and the last one's
    moment."""
    if calendar.always or every.unit in ("minute", "hour"):
        more = worked_between(first, now, calendar) // every.wall
        return more, due(first, Length(every.amount * more, every.unit), calendar) if more else first
    more, at = 0, first
    while (following := due(at, every, calendar)) <= now:
        more, at = more + 1, following
    return more, at
