"""Deadlines people choose by one key: «in an hour», «this evening», «tomorrow morning»."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.kernel import clock

MORNING, EVENING = time(10), time(18)


@dataclass(frozen=True)
class Choice:
    title: str
    at: datetime
    key: str

    @property
    def value(self) -> str:
        """As the date-and-time input of the browser holds it."""
        return self.at.strftime("%Y-%m-%dT%H:%M")


def choices() -> list[Choice]:
    """What is offered now, in the person's zone; what has passed today is not offered."""
    now = clock.now().astimezone(timezone.get_current_timezone())
    offered = [(_("In an hour"), _round(now + timedelta(hours=1)))]
    if now.time() < time(17):
        offered.append((_("This evening"), _at(now, 0, EVENING)))
    offered.append((_("Tomorrow morning"), _at(now, 1, MORNING)))
    offered.append((_("In two days"), _at(now, 2, MORNING)))
    to_monday = 7 - now.weekday()
    if to_monday > 2:
        offered.append((_("On Monday"), _at(now, to_monday, MORNING)))
    offered.append((_("In a week"), _at(now, 7, MORNING)))
    return [Choice(title, at, str(number)) for number, (title, at) in enumerate(offered, 1)]


def preset(key: str) -> datetime | None:
    """Put off by one key: 1 in an hour, 2 tomorrow morning, 3 next Monday morning."""
    now = clock.now().astimezone(timezone.get_current_timezone())
    known = {
        "1": _round(now + timedelta(hours=1)),
        "2": _at(now, 1, MORNING),
        "3": _at(now, 7 - now.weekday(), MORNING),
    }
    return known.get(key)


def usual() -> datetime:
    """Deadline of a new task unless told: in an hour while there is a day, else tomorrow morning."""
    now = clock.now().astimezone(timezone.get_current_timezone())
    return _round(now + timedelta(hours=1)) if now.time() < time(20) else _at(now, 1, MORNING)


def _at(now: datetime, days: int, moment: time) -> datetime:
    return (now + timedelta(days=days)).replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)


def _round(moment: datetime) -> datetime:
    """Up to the next five minutes."""
    rest = timedelta(minutes=-moment.minute % 5, seconds=-moment.second, microseconds=-moment.microsecond)
    return moment + rest
