"""People of a demo company: hired through the front door, with shifts behind and ahead."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from voronka.kernel import actor
from voronka.notices.actions import mark_all_read
from voronka.notices.models import Notice
from voronka.staff.actions import hire_person, plan_shift
from voronka.staff.models import Brand, Location, Person, Role, Seat, Team

from .days import Days

BY = actor.system("demo")

#: Of a cycle of seven days that begins today.
EVERY_DAY, FIVE_DAYS = frozenset(range(7)), frozenset(range(5))


@dataclass(frozen=True, kw_only=True)
class Login:
    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Hire:
    """`partner`: e-mail name of who shares the seat. `rhythm`: which days of the cycle are worked, from which day."""

    login: str
    name: str
    role: str
    partner: str = ""
    team: str = ""
    brands: Sequence[str] | None = ()
    locations: Sequence[str] = ()
    hours: tuple[int, int] = (10, 21)
    cycle: int = 4
    works: frozenset[int] = frozenset({0, 1})


def five_days(login: str, name: str, role: str, team: str = "", **given: Any) -> Hire:
    """Somebody who works five days of seven, today the first of them, so that a demo is alive on any day."""
    return Hire(login=login, name=name, role=role, team=team, cycle=7, works=FIVE_DAYS, **{"hours": (9, 18), **given})


@dataclass
class Staff:
    """Everybody, and who works when. `today` counts days of the cycles."""

    days: Days
    people: dict[str, Person] = field(default_factory=dict)
    hires: dict[str, Hire] = field(default_factory=dict)

    def hire(self, hires: Iterable[Hire]) -> list[Login]:
        logins = []
        for hire in hires:
            password = "-".join(secrets.token_hex(2) for _ in range(3))
            person = hire_person(
                by=BY,
                name=hire.name,
                email=f"{hire.login}@demo.example",
                password=password,
                role=Role.objects.get(key=hire.role),
                seat=self.people[hire.partner].seat if hire.partner else None,
                team=Team.objects.filter(name=hire.team).first(),
                brands=_named(Brand, hire.brands),
                locations=_named(Location, hire.locations),
            )
            self.people[hire.login], self.hires[hire.login] = person, hire
            logins.append(Login(role=person.role.title, name=person.name, email=person.email, password=password))
        for first, second in self._pairs():
            Seat.objects.filter(pk=first.seat_id).update(name=f"{first.name} и {second.name}")
        return logins

    def plan_shifts(self, *, behind: int = 14, ahead: int = 14) -> None:
        """Shifts of the weeks around today."""
        today = self.days.days()[-1]
        first, last = max(self.days.days()[0], today - timedelta(days=behind)), today + timedelta(days=ahead)
        for login in self.people:
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                if self.works(login, self.days.on(day, 12)):
                    opens, closes = self.hires[login].hours
                    starts_at = self.days.on(day, opens)
                    ends_at = self.days.on(day, closes)
                    plan_shift(self.people[login], by=BY, starts_at=starts_at, ends_at=ends_at)

    def read_notices(self) -> None:
        """Everybody has looked at the bell."""
        told = set(Notice.objects.filter(read_at=None).values_list("person_id", flat=True).distinct())
        for person in self.people.values():
            if person.pk in told:
                mark_all_read(person, by=person.actor)

    def works(self, login: str, moment: datetime) -> bool:
        """Whether the day of this moment is a working one; today is day 0 of every cycle."""
        hire = self.hires[login]
        days_ahead = (self.days.local(moment).date() - self.days.local(self.days.end).date()).days
        return days_ahead % hire.cycle in hire.works

    def on_duty(self, role: str, moment: datetime) -> list[Person]:
        return [
            self.people[login] for login, hire in self.hires.items() if hire.role == role and self.works(login, moment)
        ]

    def of_role(self, role: str) -> list[Person]:
        return [self.people[login] for login, hire in self.hires.items() if hire.role == role]

    def at_seat(self, seat_id: int, moment: datetime) -> Person | None:
        """Who sits there on this day; None on a day when nobody does."""
        found = (self.people[login] for login in self.hires if self.works(login, moment))
        return next((person for person in found if person.seat_id == seat_id), None)

    def _pairs(self) -> list[tuple[Person, Person]]:
        return [(self.people[hire.partner], self.people[login]) for login, hire in self.hires.items() if hire.partner]


def _named(model: type[Brand] | type[Location], keys: Sequence[str] | None) -> list:
    """Rows by key; None is all of them."""
    return list(model.objects.all() if keys is None else model.objects.filter(key__in=keys))
