"""Days and moments as a filter writes them, and what they are now. A day is a day in the company's time zone.

A point: `today` `yesterday` `tomorrow` `this-week` `last-week` `next-week` `this-month` … `this-year` … `now`,
`2026-11-28`, `2026-11-28T15:30`, `-3d` `+2w` (that day), `-5h` `+30m` (that moment).
A length: `30m` `5h` `3d` `2w`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .scope import Scope

NAMED = (
    "now", "today", "yesterday", "tomorrow", "this-week", "last-week", "next-week",
    "this-month", "last-month", "next-month", "this-year", "last-year", "next-year",
)  # fmt: skip

_LENGTH = re.compile(r"(\d{1,5})([mhdw])")
_OFFSET = re.compile(r"([+-])(\d{1,5})([mhdw])")
_YEARS = range(1900, 2200)
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True)
class Days:
    """From the first day to before the last one."""

    first: date
    end: date


@dataclass(frozen=True)
class Moment:
    at: datetime


Point = Days | Moment


def is_point(text: object) -> bool:
    return isinstance(text, str) and (text in NAMED or _is_offset(text) or _written(text) is not None)


def is_length(text: object) -> bool:
    return isinstance(text, str) and bool(_LENGTH.fullmatch(text)) and span(*length(text)) <= _LONGEST


def _is_offset(text: str) -> bool:
    return bool(_OFFSET.fullmatch(text)) and is_length(text[1:])


def length(text: str) -> tuple[int, str]:
    """«3d» → (3, "d")."""
    number, unit = _LENGTH.fullmatch(text).groups()  # type: ignore[union-attr]
    return int(number), unit


def span(number: int, unit: str) -> timedelta:
    names = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    return timedelta(**{names[unit]: number})


def resolve(text: str, scope: Scope) -> Point:
    """What a point is now."""
    if text == "now":
        return Moment(scope.now)
    if text in NAMED:
        return _named(text, scope.today)
    if offset := _OFFSET.fullmatch(text):
        sign, number, unit = offset.groups()
        shift = span(int(number), unit) * (-1 if sign == "-" else 1)
        if unit in "mh":
            return Moment(scope.now + shift)
        return _day(scope.today + shift)
    written = _written(text)
    if isinstance(written, datetime):
        return Moment(written.replace(tzinfo=scope.zone))
    return _day(written)  # type: ignore[arg-type]


def start_of(day: date, scope: Scope) -> datetime:
    """The first moment of a day in the company's time zone."""
    return datetime.combine(day, time.min, tzinfo=scope.zone)


def _written(text: str) -> date | datetime | None:
    for shape, form in ((10, "%Y-%m-%d"), (16, "%Y-%m-%dT%H:%M")):
        if len(text) == shape:
            try:
                moment = datetime.strptime(text, form)
            except ValueError:
                return None
            if moment.year not in _YEARS:
                return None
            return moment.date() if shape == 10 else moment
    return None


def _named(name: str, today: date) -> Days:
    which, _, unit = name.partition("-")
    if not unit:
        return _day(today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[name]))
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return Days(first, first + timedelta(weeks=1))
    if unit == "month":
        return Days(_month(today, step), _month(today, step + 1))
    return Days(date(today.year + step, 1, 1), date(today.year + step + 1, 1, 1))


def _month(today: date, step: int) -> date:
    months = today.year * 12 + today.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


def _day(day: date) -> Days:
    return Days(day, day + timedelta(days=1))
