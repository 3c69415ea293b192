"""What the address of the calendar asks for: which days, whose, under which filter."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from voronka.kernel import clock
from voronka.kernel.filters import EVERYTHING, Tree, dump
from voronka.staff.models import Person
from voronka.web.tasks.filtering import tree_of
from voronka.web.tasks.queries import whose

VIEWS = ("day", "week", "month", "team")
SHOWN = ("", "tasks", "dates")


@dataclass(frozen=True, kw_only=True)
class Place:
    """`tasks` is the filter of the tasks shown; nonsense in an address is read as the usual."""

    view: str
    day: date
    who: str
    show: str
    tasks: Tree

    @classmethod
    def of(cls, query: QueryDict, person: Person) -> "Place":
        """Raises FilterError."""
        view, who, show = query.get("view", "week"), query.get("who", "me"), query.get("show", "")
        return cls(
            view=view if view in VIEWS and (view != "team" or sees_others(person)) else "week",
            day=_day(query.get("day", "")) or today(),
            who=who if who in whose(person) else "me",
            show=show if show in SHOWN else "",
            tasks=tree_of(query),
        )

    @property
    def first(self) -> date:
        """Weeks begin on Monday; a month is shown in whole weeks."""
        if self.view in ("day", "team"):
            return self.day
        start = self.day if self.view == "week" else self.day.replace(day=1)
        return start - timedelta(days=start.weekday())

    @property
    def days(self) -> list[date]:
        if self.view in ("day", "team"):
            return [self.day]
        if self.view == "week":
            return [self.first + timedelta(days=number) for number in range(7)]
        after = _next_month(self.day)
        weeks = -(-(after - self.first).days // 7)
        return [self.first + timedelta(days=number) for number in range(weeks * 7)]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The same as moments: midnights of the person's zone."""
        zone = timezone.get_current_timezone()
        first, last = self.days[0], self.days[-1] + timedelta(days=1)
        return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)

    def step(self, by: int) -> "Place":
        """The same one page earlier or later."""
        if self.view == "month":
            day = _next_month(self.day) if by > 0 else (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        else:
            day = self.day + timedelta(days=by * (7 if self.view == "week" else 1))
        return replace(self, day=day)

    def address(self, **changes: str) -> str:
        """The address of this place; only what differs from the usual is named."""
        query = {
            "view": "" if self.view == "week" else self.view,
            "day": "" if self.day == today() else self.day.isoformat(),
            "who": "" if self.who == "me" else self.who,
            "show": self.show,
            "filter": dump(self.tasks) if self.tasks != EVERYTHING else "",
            **changes,
        }
        kept = {key: value for key, value in query.items() if value}
        return reverse("calendar") + (f"?{urlencode(kept)}" if kept else "")


def sees_others(person: Person) -> bool:
    """The team's day is for those who see more than their own."""
    return person.role.sees != "own"


def today() -> date:
    return clock.now().astimezone(timezone.get_current_timezone()).date()


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
