"""Pure rules of working time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Rhythm → days on, days off; «weekdays» follows the week, the rest count from the first day.
RHYTHMS: dict[str, tuple[int, int] | None] = {
    "2/2": (2, 2),
    "3/3": (3, 3),
    "1/3": (1, 3),
    "weekdays": None,
    "every": (1, 0),
}


def rhythm_days(rhythm: str, first: date, last: date) -> list[date]:
    """Working days of a rhythm from `first` to `last`, both included."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    turn = RHYTHMS[rhythm]
    if turn is None:
        return [day for day in days if day.weekday() < 5]
    on, off = turn
    return [day for number, day in enumerate(days) if number % (on + off) < on]


def shift_span(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A shift of a day; one that ends not later than it starts goes over midnight."""
    last = day + timedelta(days=1) if ends <= starts else day
    return datetime.combine(day, starts, zone), datetime.combine(last, ends, zone)
