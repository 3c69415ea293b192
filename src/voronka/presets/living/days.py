"""Days that pass in order: a queue of moments, each lived with the clock stopped at it."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from voronka.kernel import clock, shelf

from .shares import Shares

Act = Callable[[], None]


class Days:
    """`start`…`end` is the past to live through; what is planned after `end` never happens."""

    def __init__(self, *, start: datetime, end: datetime, zone: ZoneInfo, rng: Random) -> None:
        self.start, self.end, self.zone, self.rng = start, end, zone, rng
        self.shares = Shares(rng)
        #: Names of organisations that have been given already.
        self.firms: set[str] = set()
        self._queue: list[tuple[datetime, int, Act]] = []
        self._number = count()

    def at(self, moment: datetime, act: Act) -> None:
        """Plan an act; moments of the past of the act that plans it happen at once after it."""
        if moment <= self.end:
            heapq.heappush(self._queue, (moment, next(self._number), act))

    def live(self, progress: Callable[[date], None], *, until: datetime) -> None:
        """What is planned up to then, in order; each act is as many transactions as its actions make."""
        today: date | None = None
        while self._queue and self._queue[0][0] <= until:
            moment, _number, act = heapq.heappop(self._queue)
            day = self.local(moment).date()
            if day != today:
                today = day
                progress(day)
            with clock.freeze(moment), shelf.one_look():
                act()

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def after(self, moment: datetime, low: float, high: float, *, opens: int = 10, closes: int = 21) -> datetime:
        """Some minutes between `low` and `high` later, moved into working hours."""
        later = self.local(moment + timedelta(minutes=self.rng.uniform(low, high)))
        if later.hour < opens:
            later = later.replace(hour=opens, minute=self.rng.randrange(3, 40))
        elif later.hour >= closes:
            later = self.on(later.date() + timedelta(days=1), opens, self.rng.randrange(3, 40))
        return later

    def days(self) -> list[date]:
        first, last = self.local(self.start).date(), self.local(self.end).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]
