"""Working time: how long a duration lasts in hours, days off, holidays and shifts. Pure: no database, no clock.

`due(start, length, calendar)` is the moment when so much working time has passed; `worked_between(a, b, calendar)` how
much passed between two moments; `latest_start(now, length, calendar)` turns it round: whatever began until then is due.
Minutes and hours are working time. A day is a working day: the same hour of the next one. A week is seven days of the
calendar, and the next working moment after. All three never go down when their moments go up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Span = tuple[datetime, datetime]
Minutes = tuple[int, int]

_DAY = timedelta(days=1)
_FINE = timedelta(seconds=1)
#: No calendar rests longer: beyond that the clock on the wall counts.
LONGEST_REST = 400


@dataclass(frozen=True)
class Length:
    """«3 hours»: `unit` is minute, hour, day or week."""

    amount: int
    unit: str

    @property
    def wall(self) -> timedelta:
        """So long by the clock on the wall."""
        return timedelta(**{f"{self.unit}s": self.amount})


class Calendar:
    """Day and night without days off; calendars with working hours say more."""

    zone: ZoneInfo = ZoneInfo("UTC")
    always = True

    def spans(self, day: date) -> Sequence[Span]:
        """Working time of a day, in order, in UTC."""
        return [_whole(day, self.zone)]


ALWAYS = Calendar()


class Weekly(Calendar):
    """Hours by day of the week with breaks, public holidays and the company's own days."""

    always = False

    def __init__(
        self,
        zone: ZoneInfo,
        week: Sequence[Minutes | None],
        *,
        breaks: Iterable[Minutes] = (),
        country: str = "",
        off: Iterable[date] = (),
        on: Mapping[date, Minutes] | None = None,
    ) -> None:
        """`week`: hours from Monday on, in minutes from midnight. `country`: whose holidays are off, «RU»."""
        self.zone, self._week, self._breaks = zone, tuple(week), sorted(breaks)
        self._country, self._off, self._on = country, frozenset(off), dict(on or {})
        self._days: dict[date, Sequence[Span]] = {}

    def spans(self, day: date) -> Sequence[Span]:
        if day not in self._days:
            hours = self._hours(day)
            self._days[day] = [_span(day, part, self.zone) for part in _without(hours, self._breaks)] if hours else ()
        return self._days[day]

    def _hours(self, day: date) -> Minutes | None:
        if day in self._on:
            return self._on[day]
        if day in self._off:
            return None
        public = _public(self._country, day.year) if self._country else None
        if public is not None and day in public:
            return None
        if public is not None and day in public.weekend_workdays:
            return self._week[day.weekday()] or next((hours for hours in self._week if hours), None)
        return self._week[day.weekday()]


class Shifts(Calendar):
    """While somebody is on shift. Where no shifts are planned, the clock on the wall counts."""

    always = False

    def __init__(self, zone: ZoneInfo, shifts: Iterable[Span]) -> None:
        self.zone = zone
        self._shifts = merged(shifts)
        self._starts = [start for start, _end in self._shifts]

    def spans(self, day: date) -> Sequence[Span]:
        begin, end = _whole(day, self.zone)
        if not self._shifts or end <= self._shifts[0][0] or begin >= self._shifts[-1][1]:
            return [(begin, end)]
        found = [(max(begin, start), min(end, stop)) for start, stop in self._near(begin, end)]
        if begin < self._shifts[0][0]:
            found.insert(0, (begin, self._shifts[0][0]))
        if end > self._shifts[-1][1]:
            found.append((self._shifts[-1][1], end))
        return merged(found)

    def _near(self, begin: datetime, end: datetime) -> Sequence[Span]:
        first = max(0, bisect_right(self._starts, begin) - 1)
        last = bisect_right(self._starts, end)
        return [(start, stop) for start, stop in self._shifts[first:last] if stop > begin and start < end]


def due(start: datetime, length: Length, calendar: Calendar = ALWAYS) -> datetime:
    """The moment when `length` has passed since `start`."""
    if calendar.always:
        return start + length.wall
    if length.unit == "week":
        local = start.astimezone(calendar.zone) + length.wall
        return opening(local.astimezone(UTC), calendar)
    if length.unit == "day":
        return _days_later(start, length.amount, calendar)
    return _worked_later(start, length.wall, calendar)


def worked_between(a: datetime, b: datetime, calendar: Calendar = ALWAYS) -> timedelta:
    """Working time from `a` until `b`; nothing when `b` is before."""
    if b <= a:
        return timedelta()
    if calendar.always:
        return b - a
    total, day = timedelta(), _local_day(a, calendar)
    last = _local_day(b, calendar)
    while day <= last:
        for begin, end in calendar.spans(day):
            total += max(min(end, b) - max(begin, a), timedelta())
        day += _DAY
    return total


@lru_cache(maxsize=512)
def latest_start(now: datetime, length: Length, calendar: Calendar = ALWAYS) -> datetime:
    """The latest moment from which `length` has passed by `now`, up to a second."""
    if calendar.always:
        return now - length.wall
    reach = length.wall
    while due(now - reach, length, calendar) > now:
        reach = reach * 2 + _DAY
    low, high = now - reach, now
    while high - low > _FINE:
        middle = low + (high - low) / 2
        if due(middle, length, calendar) <= now:
            low = middle
        else:
            high = middle
    return high


def opening(moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself when it is worked, else the beginning of the next working time."""
    if calendar.always:
        return moment
    day = _local_day(moment, calendar)
    for _number in range(LONGEST_REST):
        for begin, end in calendar.spans(day):
            if moment < end:
                return max(begin, moment)
        day += _DAY
    return moment


def is_working_day(day: date, calendar: Calendar) -> bool:
    return calendar.always or bool(calendar.spans(day))


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch made one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return found


def _worked_later(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    left, day, rest = length, _local_day(start, calendar), 0
    while rest < LONGEST_REST:
        rest += 1
        for begin, end in calendar.spans(day):
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            if end > begin:
                left, rest = left - (end - begin), 0
        day += _DAY
    return start + length


def _days_later(start: datetime, days: int, calendar: Calendar) -> datetime:
    """The same hour so many working days later; an hour that is not worked there becomes the nearest worked one."""
    begun = opening(start, calendar)
    hour, day = begun.astimezone(calendar.zone).time(), _local_day(begun, calendar)
    left, rest = days, 0
    while left and rest < LONGEST_REST:
        day += _DAY
        rest += 1
        if calendar.spans(day):
            left, rest = left - 1, 0
    spans = calendar.spans(day)
    if left or not spans:
        return start + timedelta(days=days)
    wanted = datetime.combine(day, hour, calendar.zone).astimezone(UTC)
    for begin, end in spans:
        if wanted <= end:
            return max(begin, wanted)
    return spans[-1][1]


def _local_day(moment: datetime, calendar: Calendar) -> date:
    return moment.astimezone(calendar.zone).date()


def _whole(day: date, zone: ZoneInfo) -> Span:
    return (
        datetime.combine(day, time(), zone).astimezone(UTC),
        datetime.combine(day + _DAY, time(), zone).astimezone(UTC),
    )


def _span(day: date, minutes: Minutes, zone: ZoneInfo) -> Span:
    begin, end = (
        datetime.combine(day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60), zone)
        for minute in minutes
    )
    return begin.astimezone(UTC), end.astimezone(UTC)


def _without(hours: Minutes, breaks: Iterable[Minutes]) -> list[Minutes]:
    left, (begin, end) = [], hours
    for pause, back in breaks:
        if pause < end and back > begin:
            left.append((begin, pause))
            begin = max(begin, back)
    return [part for part in (*left, (begin, end)) if part[0] < part[1]]


@cache
def _public(country: str, year: int) -> Any:
    """Public holidays of a year; `weekend_workdays` are the days worked in exchange."""
    return holidays.country_holidays(country, years=year)
