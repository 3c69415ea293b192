"""When a person may be disturbed, and which notices go together. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

#: So many unread ones of a group are shown and pushed as one.
MANY = 3
_LONGEST_SEARCH = 100

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Hours:
    """`quiet`: from and till by the person's clock, over midnight when it ends before it starts.
    `shifts`: present and coming working times in order; None: the person is not bound to shifts.
    """

    zone: ZoneInfo
    quiet: tuple[time, time] | None = None
    urgent_anyway: bool = True
    shifts: Sequence[Span] | None = None


def free_at(now: datetime, hours: Hours, *, urgent: bool = False) -> datetime | None:
    """From when the person may be disturbed: now, later, or None while no working time is planned.

    What is urgent does not wait for a shift, and for the end of quiet hours only if the person wants it so.
    """
    if urgent and hours.urgent_anyway:
        return now
    moment = now
    for _step in range(_LONGEST_SEARCH):
        later: datetime | None = _after_quiet(moment, hours)
        if later is not None and not urgent:
            later = _at_work(later, hours)
        if later is None or later == moment:
            return later
        moment = later
    return None


def _after_quiet(moment: datetime, hours: Hours) -> datetime:
    if hours.quiet is None:
        return moment
    starts, ends = hours.quiet
    local = moment.astimezone(hours.zone)
    clock = local.time()
    if starts <= ends:
        inside, day = starts <= clock < ends, local.date()
    else:
        inside, day = clock >= starts or clock < ends, local.date() + timedelta(days=clock >= starts)
    return datetime.combine(day, ends, tzinfo=hours.zone).astimezone(moment.tzinfo) if inside else moment


def _at_work(moment: datetime, hours: Hours) -> datetime | None:
    if hours.shifts is None:
        return moment
    return next((max(starts, moment) for starts, ends in hours.shifts if ends > moment), None)


class Grouped(Protocol):
    """A notice as far as grouping goes."""

    @property
    def group(self) -> str: ...
    @property
    def is_read(self) -> bool: ...


N = TypeVar("N", bound=Grouped)


def bunches(notices: Iterable[N]) -> list[list[N]]:
    """In the same order, but many unread ones of a group stand together in the place of the first."""
    bunched: list[list[N]] = []
    groups: dict[str, list[N]] = {}
    rows = list(notices)
    for row in rows:
        if not row.is_read:
            groups.setdefault(row.group, []).append(row)
    for row in rows:
        together = groups.get(row.group, []) if not row.is_read else []
        if len(together) < MANY:
            bunched.append([row])
        elif together[0] is row:
            bunched.append(together)
    return bunched
