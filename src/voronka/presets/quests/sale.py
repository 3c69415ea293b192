"""One sale from the inquiry to the review, as managers and administrators do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import transaction

from voronka.catalogue.models import Product
from voronka.deals.actions import AlreadyTaken, add_line, add_note, change_deal, create_deal, move_deal, take_deal
from voronka.deals.models import Deal, Funnel, LossReason, Stage
from voronka.kernel import clock
from voronka.process import ticker
from voronka.process.queries import active
from voronka.process.schema import Programme
from voronka.staff.models import Location, Person
from voronka.tasks.actions import cancel_task, complete_task, create_task
from voronka.tasks.models import Task, TaskKind

from ..living.days import Days
from ..living.names import Client
from ..living.people import Staff
from . import words

HOURS = ("10:00", "12:00", "14:00", "16:00", "18:00", "20:00")
OCCASIONS = ("birthday", "birthday", "friends", "family", "corporate", "school", "date")


@dataclass
class Sale:
    """Each method is a moment of a sale; it acts and plans the next moment."""

    days: Days
    staff: Staff
    comes_again: Callable[[Client], None]

    # -- the inquiry ----------------------------------------------------------------------

    def wait(self, deal_id: int, who: Client, asked_at: datetime) -> None:
        """Mostly answered in five minutes; sometimes the alarm has to ring."""
        luck = self.rng.random()
        if luck < 0.86:
            low, high = 0.4, 4.8
        elif luck < 0.97:
            low, high = 5.2, 14
        else:
            low, high = 15, 45
        moment = self.days.after(asked_at, low, high, closes=23)
        for ring in range(5, 16, 5):
            if timedelta(minutes=ring) < moment - asked_at < timedelta(hours=2):
                self.days.at(asked_at + timedelta(minutes=ring, seconds=1), self.ring)
        self.days.at(moment, lambda: self.take(deal_id, who))

    def ring(self) -> None:
        ticker.tick()

    def take(self, deal_id: int, who: Client) -> None:
        managers = self.staff.on_duty("manager", clock.now())
        manager = self.rng.choice(managers)
        try:
            take_deal(deal_id, by=manager.actor)
        except AlreadyTaken:
            return
        self.taken(deal_id, who)

    def taken(self, deal_id: int, who: Client) -> None:
        self._later(deal_id, self._talk, who, 6, 55)

    # -- the manager ----------------------------------------------------------------------

    def _talk(self, deal: Deal, me: Person, who: Client) -> None:
        """The first talk: what is written down, what was the result, what comes next."""
        values = {
            "players": deal.fields.get("players") or self.rng.randint(3, 12),
            "budget": self.rng.choice((10000, 12000, 15000, 18000, 20000, 25000)),
            "occasion": self.rng.choice(OCCASIONS),
        }
        if self.rng.random() < 0.5:
            values["amount"] = values["budget"]
        change_deal(deal.pk, by=me.actor, values=values)
        if self.rng.random() < 0.5:
            add_note(deal.pk, by=me.actor, text=self.rng.choice(words.NOTES))
        self._finish_tasks(deal, me, self.rng.choice(words.TALKED))
        if self.rng.random() < 0.75:
            self._next_step(deal, me)
        luck = self.rng.random()
        if luck < 0.30:
            self._later(deal.pk, self._lose, who, 60, 2400)
        elif luck < 0.88:
            self._later(deal.pk, self._pick, who, 90, 2300)
        else:
            self._later(deal.pk, self._pick, who, 2300, 4300)

    def _pick(self, deal: Deal, me: Person, who: Client) -> None:
        programme = self._programme(deal)
        self._finish_tasks(deal, me, "Выбрали программу")
        values = {"programme": programme.key, "amount": self._price(deal, programme)}
        move_deal(deal.pk, by=me.actor, to=self.stage(deal, "picked"), values=values)
        if self.rng.random() < 0.4:
            self._next_step(deal, me)
        if self.rng.random() < 0.22:
            self._later(deal.pk, self._lose, who, 120, 3000)
        else:
            self._later(deal.pk, self._book, who, 150, 3300)

    def _book(self, deal: Deal, me: Person, who: Client) -> None:
        programme = next(item for item in self.programmes if item.key == deal.fields["programme"])
        day = self._game_day()
        self._finish_tasks(deal, me, "Записала")
        values = {
            "game_date": day.isoformat(),
            "game_time": self.rng.choice(HOURS[2:] if day.weekday() < 5 else HOURS),
            "location": self.locations[programme.location],
            "programme": programme.key,
        }
        if self.rng.random() < 0.6:
            add_note(deal.pk, by=me.actor, text=self.rng.choice(words.NOTES))
        move_deal(deal.pk, by=me.actor, to=self.stage(deal, "booked"), values=values)
        hour = self.rng.choice((10, 10, 11, 11, 11, 13, 16))
        eve = self.days.on(day - timedelta(days=1), hour, self.rng.randrange(60))
        moment = max(eve, self.days.after(clock.now(), 20, 90, closes=22))
        if self.rng.random() < 0.06:
            self._on(moment, deal.pk, self._cancel, who)
        else:
            self._on(moment, deal.pk, self._call, who)

    # -- the administrator ----------------------------------------------------------------

    def _call(self, deal: Deal, me: Person, who: Client) -> None:
        """The day before: everything confirmed, something more sold."""
        if self.rng.random() < 0.4:
            add_note(deal.pk, by=me.actor, text=self.rng.choice(words.CALL_NOTES))
        move_deal(deal.pk, by=me.actor, to=self.stage(deal, "call1"))
        if self.rng.random() < 0.38:
            add_line(deal.pk, by=me.actor, product=self.rng.choice(self.upsell))
        played_at = self._game_at(deal) + timedelta(minutes=self.rng.randint(80, 120))
        self._on(max(played_at, clock.now() + timedelta(hours=1)), deal.pk, self._play, who)

    def _play(self, deal: Deal, me: Person, who: Client) -> None:
        move_deal(deal.pk, by=me.actor, to=self.stage(deal, "played"))
        low, high = self.rng.choices(((120, 1700), (1700, 2900), (2900, 5200)), weights=(70, 20, 10))[0]
        self._later(deal.pk, self._review, who, low, high)

    def _review(self, deal: Deal, me: Person, who: Client) -> None:
        bad = self.rng.random() < 0.09
        add_note(deal.pk, by=me.actor, text=self.rng.choice(words.BAD if bad else words.REVIEWS))
        self._finish_tasks(deal, me, "Спросила")
        move_deal(deal.pk, by=me.actor, to=self.stage(deal, "reviewed"))
        if bad:
            self._to_quality(deal, me)
        elif self.rng.random() < 0.34:
            later = self.days.after(clock.now(), 8 * 1440, 55 * 1440, opens=9, closes=22)
            self.days.at(later, lambda: self.comes_again(who))

    def _to_quality(self, deal: Deal, me: Person) -> None:
        create_deal(
            by=me.actor,
            funnel=Funnel.objects.get(key="quality"),
            company=deal.company,
            contact=deal.contact,
            title=f"Разобрать: «{self._played(deal)}»",
            responsible=me,
            brand=deal.brand,
            location=deal.location,
            channel="call",
        )

    # -- ends and interruptions -----------------------------------------------------------

    def _lose(self, deal: Deal, me: Person, who: Client) -> None:
        keys, weights = zip(*words.LOSS, strict=True)
        self._end(deal, me, self.rng.choices(keys, weights)[0])

    def _cancel(self, deal: Deal, me: Person, who: Client) -> None:
        self._end(deal, me, self.rng.choice(("changed_mind", "postponed")))

    def _end(self, deal: Deal, me: Person, reason: str) -> None:
        for task in Task.objects.filter(deal=deal, done_at=None, rule=""):
            cancel_task(task.pk, by=me.actor)
        move_deal(
            deal.pk,
            by=me.actor,
            to=self.stage(deal, "lost"),
            loss_reason=self.reasons[deal.funnel_id, reason],
            loss_comment=self.rng.choice(words.LOSS_COMMENTS) if reason == "other" else "",
        )

    def writes_again(self, deal_id: int, who: Client, inquiries) -> None:
        """A client with an open deal asks once more."""
        if Deal.objects.filter(pk=deal_id, closed_at=None).exists():
            inquiries.send(who, wish=self.rng.choice(words.AGAIN))
            self._later(deal_id, self._answer, who, 2, 25)

    def _answer(self, deal: Deal, me: Person, who: Client) -> None:
        for task in Task.objects.filter(deal=deal, done_at=None, kind__key="inquiry"):
            complete_task(task.pk, by=me.actor, result="Ответила")

    # -- who and when ---------------------------------------------------------------------

    def _later(self, deal_id: int, act: Callable, who: Client, low: float, high: float) -> None:
        self._on(self.days.after(clock.now(), low, high), deal_id, act, who)

    def _on(self, moment: datetime, deal_id: int, act: Callable, who: Client) -> None:
        self.days.at(moment, lambda: self._act(deal_id, act, who))

    def _act(self, deal_id: int, act: Callable, who: Client) -> None:
        """Whoever sits at the deal's seat today does it; on a day when nobody does, it waits for the next one."""
        deal = Deal.objects.select_related("company").get(pk=deal_id)
        if deal.closed_at is not None:
            return
        now = clock.now()
        me = self.staff.at_seat(deal.seat_id or 0, now)
        if me is None:
            self._on(self.days.on(self.days.local(now).date() + timedelta(days=1), 10, 20), deal_id, act, who)
            return
        with transaction.atomic():
            act(deal, me, who)

    def _finish_tasks(self, deal: Deal, me: Person, result: str) -> None:
        """The person's own tasks; those of rules are finished by rules, but for the first talk."""
        for task in Task.objects.filter(deal=deal, done_at=None).exclude(kind__key__in=("inquiry", "check")):
            if task.rule in ("", "contact"):
                complete_task(task.pk, by=me.actor, result=result)

    def _next_step(self, deal: Deal, me: Person) -> None:
        kind, title = self.rng.choice(words.NEXT_STEPS)
        due = self.days.after(clock.now(), 90, 1800)
        minute = due.minute // 15 * 15
        create_task(
            by=me.actor,
            kind=self.kinds[kind],
            title=title,
            due_at=due.replace(minute=minute, second=0, microsecond=0) + timedelta(minutes=15),
            responsible=me,
            deal_id=deal.pk,
            company=deal.company,
            deal_audience=deal.audience,
        )

    # -- what there is --------------------------------------------------------------------

    @property
    def rng(self):
        return self.days.rng

    def stage(self, deal: Deal, key: str) -> Stage:
        return self.stages[deal.funnel_id, key]

    @cached_property
    def stages(self) -> dict[tuple[int, str], Stage]:
        return {(stage.funnel_id, stage.key): stage for stage in Stage.objects.all()}

    @cached_property
    def reasons(self) -> dict[tuple[int, str], LossReason]:
        return {(reason.funnel_id, reason.key): reason for reason in LossReason.objects.all()}

    @cached_property
    def kinds(self) -> dict[str, TaskKind]:
        return {kind.key: kind for kind in TaskKind.objects.all()}

    @cached_property
    def programmes(self) -> list[Programme]:
        return active().company.programmes

    @cached_property
    def locations(self) -> dict[str, int]:
        return dict(Location.objects.values_list("key", "pk"))

    @cached_property
    def brand_of(self) -> dict[str, int]:
        return dict(Location.objects.values_list("key", "brand_id"))

    @cached_property
    def upsell(self) -> list[Product]:
        return list(Product.objects.filter(is_upsell=True, is_active=True).order_by("pk"))

    def _programme(self, deal: Deal) -> Programme:
        """One of the deal's brand, the first ones of each location more often."""
        fitting = [item for item in self.programmes if deal.brand_id in (None, self.brand_of[item.location])]
        return fitting[int(len(fitting) * self.rng.random() ** 1.4)]

    def _played(self, deal: Deal) -> str:
        return next(item.title for item in self.programmes if item.key == deal.fields["programme"])

    def _price(self, deal: Deal, programme: Programme) -> str:
        extra = max(0, int(deal.fields.get("players") or 4) - 4) * 1200
        return str(int(programme.price) + extra)

    def _game_day(self) -> date:
        day = self.days.local(clock.now()).date() + timedelta(days=self.rng.choices(range(1, 19), range(20, 2, -1))[0])
        if day.weekday() < 5 and self.rng.random() < 0.6:
            day += timedelta(days=5 - day.weekday())
        return day

    def _game_at(self, deal: Deal) -> datetime:
        deal.refresh_from_db(fields=["fields"])
        hour, minute = map(int, deal.fields["game_time"].split(":"))
        return self.days.on(date.fromisoformat(deal.fields["game_date"]), hour, minute)
