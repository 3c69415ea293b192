from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from voronka.deals.models import Deal
from voronka.kernel.calendars import ALWAYS, Calendar, Length, due, latest_start
from voronka.staff.queries import company_zone

from ..models import Firing
from ..moments import calendar_for, latest_turn
from ..queries import InForce
from ..schema import Rule
from ..values import Clock, Duration

#: Before anything we know.
EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, kw_only=True)
class Due:
    """A moment of a timed rule that has come. `about` names the fact it follows from, unless a stay does."""

    rule: str
    due_at: datetime
    about: str = ""
    turn: int = 1
    deal_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    passage_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at what is due at `now`. `since`: rules that were looked at before, and when; the others are looked at
    from `ever`. `limit`: so many of each kind at once."""

    current: InForce
    now: datetime
    since: dict[str, datetime] = field(default_factory=dict)
    ever: datetime = EVER
    limit: int = 2000

    def seen(self, rule: Rule) -> datetime:
        return self.since.get(rule.key, self.ever)

    @cached_property
    def zone(self) -> ZoneInfo:
        return company_zone()

    def calendar(self, funnel: str, clock: Clock | None) -> Calendar:
        """Kept: a look asks for the same ones many times, and those of shifts read the database."""
        key = (funnel, str(clock))
        if key not in self._calendars:
            self._calendars[key] = calendar_for(self.current.process, funnel, clock)
        return self._calendars[key]

    @cached_property
    def _calendars(self) -> dict[tuple[str, str], Calendar]:
        return {}

    def window(self, rule: Rule, length: Length | None, calendar: Calendar) -> tuple[datetime, datetime]:
        """Beginnings from which `length` has passed by now, and had not when the rule was looked at last."""
        seen = self.since.get(rule.key)
        if length is None:
            return seen or EVER, self.now
        return latest_start(seen, length, calendar) if seen else EVER, latest_start(self.now, length, calendar)


class Timer:
    """How moments of one kind of trigger follow from facts."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        """What has become due."""
        raise NotImplementedError

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        """Whether the fact that it followed from is still so."""
        raise NotImplementedError

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        """When it will come for this deal, as things stand."""
        raise NotImplementedError


def turn_of(
    anchor: datetime,
    after: Duration | None,
    every: Duration | None,
    look: Look,
    calendar: Calendar,
    last: tuple[int, datetime] | None = None,
) -> tuple[int, datetime] | None:
    """The latest turn that has come, counted from `anchor` or from the `last` one; None when none has."""
    if last is None:
        turn, at = 1, due(anchor, after.length, calendar) if after else anchor
    elif every is None:
        return None
    else:
        turn, at = last[0] + 1, due(last[1], every.length, calendar)
    if at > look.now:
        return None
    if every is None:
        return turn, at
    more, latest = latest_turn(at, every.length, look.now, calendar)
    return turn + more, latest


def coming_turn(
    anchor: datetime, after: Duration | None, every: Duration | None, look: Look, calendar: Calendar = ALWAYS
) -> datetime | None:
    """The next turn after now; None when the only one is over."""
    first = due(anchor, after.length, calendar) if after else anchor
    if first > look.now or every is None:
        return first if first > look.now else None
    _more, latest = latest_turn(first, every.length, look.now, calendar)
    return due(latest, every.length, calendar)
