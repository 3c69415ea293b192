"""Three months of a quest company: inquiries arrive, managers take and sell, administrators hold the games."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from voronka.intake.actions import receive_walk_in
from voronka.intake.models import Entry
from voronka.kernel import clock
from voronka.process import ticker

from ..living.days import Act, Days
from ..living.deliveries import Door
from ..living.names import Client, client
from ..living.people import Login, Staff
from . import words
from .company import HIRES, open_sources
from .inquiries import Inquiries
from .sale import Sale
from .service import Service

#: Inquiries a day, Monday to Sunday, when the season is on; it lasts for the last SEASON days.
WEEK = (5, 4, 4, 5, 5, 8, 7)
SEASON, SLACK = 28, 0.3


@dataclass
class Story:
    """`settle_in` once, then the days but for the last half hour, then `now` and that half hour: what waits when
    somebody looks for the first time."""

    days: Days
    clients: int = 0
    door: Door = field(default_factory=Door)

    def settle_in(self) -> list[Login]:
        self.staff = Staff(self.days)
        logins = self.staff.hire(HIRES)
        self.staff.plan_shifts()
        self.inquiries = Inquiries(self.door, open_sources(), self.days.rng)
        self.sale = Sale(self.days, self.staff, comes_again=self._ask_again)
        self.service = Service(self.days, self.staff)
        for day in self.days.days():
            season = 1.0 if (self.days.days()[-1] - day).days < SEASON else SLACK
            self._plan_day(day, round(WEEK[day.weekday()] * season))
        self.service.plan()
        return logins

    def now(self) -> None:
        """Plan fresh inquiries, one of them over the limit, and three that a changed form has broken."""
        self.days.end = clock.now()
        for seconds in (1500, 1380, 1260):
            self._ago(seconds, lambda: self.inquiries.renamed_phone(self._stranger()))
        for seconds in (560, 190, 95, 20):
            wish = self.days.rng.choice(words.WISHES[:10])
            self._ago(seconds, lambda wish=wish: self.inquiries.send(self._stranger(), wish=wish))
        self._ago(250, ticker.tick)

    def close(self) -> None:
        self.door.close()

    def _ago(self, seconds: float, act: Act) -> None:
        self.days.at(self.days.end - timedelta(seconds=seconds), act)

    def _plan_day(self, day: date, count: int) -> None:
        rng = self.days.rng
        for _ in range(count):
            hour = min(20, max(10, round(rng.triangular(9, 22, 18))))
            moment = self.days.on(day, hour, rng.randrange(60)) + timedelta(seconds=rng.randrange(60))
            walks_in = 11 <= hour <= 20 and rng.random() < 0.1
            self.days.at(moment, self._walk_in if walks_in else self._ask)
        if rng.random() < 0.35:
            self.days.at(self.days.on(day, rng.randint(9, 22), rng.randrange(60)), self.inquiries.noise)

    def _ask(self) -> None:
        who = self._stranger()
        self._follow(who, self.inquiries.send(who, wish=self.days.rng.choice(words.WISHES)))

    def _ask_again(self, who: Client) -> None:
        """A guest who has played comes back."""
        self._follow(who, self.inquiries.send(who, wish="Хотим ещё раз, что у вас нового?"))

    def _follow(self, who: Client, entry: Entry | None) -> None:
        if entry is None or entry.deal is None or entry.account != Entry.Account.DEAL:
            return
        deal = entry.deal
        self.sale.wait(deal.pk, who, clock.now())
        if self.days.rng.random() < 0.08:
            later = clock.now() + timedelta(hours=self.days.rng.uniform(2, 30))
            self.days.at(later, lambda: self.sale.writes_again(deal.pk, who, self.inquiries))

    def _walk_in(self) -> None:
        who, now = self._stranger(), clock.now()
        managers = self.staff.on_duty("manager", now)
        if managers:
            manager = self.days.rng.choice(managers)
            walk_in = receive_walk_in(by=manager.actor, name=who.name, phone=who.phone, text="Зашли спросить")
            self.sale.taken(walk_in.deal.pk, who)

    def _stranger(self) -> Client:
        self.clients += 1
        return client(self.days.rng, self.clients)
