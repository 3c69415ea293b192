"""Three months of a company by its script: inquiries arrive, people take and sell, everybody does their chores."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Q

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal, Funnel, Stage
from voronka.intake.actions import receive_walk_in
from voronka.intake.models import Entry
from voronka.kernel import clock
from voronka.messages import queries as messages
from voronka.messages.actions import settle
from voronka.process import ticker
from voronka.tasks.actions import complete_task, create_task
from voronka.tasks.models import Task, TaskKind

from .days import Act, Days
from .deliveries import Door
from .inquiries import Inquiries
from .names import Client, client, firm
from .people import BY, Login, Staff
from .script import Opening, Script
from .walk import Walk

#: The season is on for the last so many days; before it a share of the inquiries comes.
SEASON, SLACK = 28, 0.3
#: When everybody looks around: timers ring, tasks are done, new work is found.
ROUNDS = ((10, 10), (13, 10), (18, 5))
FORGOTTEN = timedelta(days=2)


class Story:
    """`settle_in` once, then the days but for the last half hour, then `now` and that half hour: what waits when
    somebody looks for the first time. `pace`: share of the script's inquiries and openings."""

    def __init__(self, script: Script, days: Days, pace: float = 1.0) -> None:
        self.script, self.days, self.pace = script, days, pace
        self.door, self.clients, self.known = Door(), 0, dict[int, Client]()

    def settle_in(self) -> list[Login]:
        self.staff = Staff(self.days)
        logins = self.staff.hire(self.script.hires)
        self.staff.plan_shifts()
        self.inquiries = Inquiries(self.door, self.script, self.rng)
        self.walk = Walk(self.days, self.staff, self.script, moved=self._moved)
        self.funnels = {funnel.key: funnel for funnel in Funnel.objects.all()}
        for day in self.days.days():
            self._plan_day(day)
        for opening in self.script.openings:
            self._plan_opening(opening)
        return logins

    def now(self) -> None:
        """Plan fresh inquiries, one of them over the limit, and three that a changed form has broken."""
        self.days.end = clock.now()
        for seconds in (1500, 1380, 1260):
            self._ago(seconds, lambda: self.inquiries.renamed_phone(self._stranger()))
        for seconds in (1000, 560, 190, 95, 20):
            wish = self.rng.choice(self.script.words.WISHES)
            self._ago(seconds, lambda wish=wish: self.inquiries.send(self._stranger(), wish=wish) and None)
        self._ago(50, lambda: ticker.tick() and None)

    def close(self) -> None:
        self.door.close()

    @property
    def rng(self) -> Random:
        return self.days.rng

    def _ago(self, seconds: float, act: Act) -> None:
        self.days.at(self.days.end - timedelta(seconds=seconds), act)

    # -- a day ----------------------------------------------------------------------------

    def _plan_day(self, day: date) -> None:
        rng = self.rng
        season = 1.0 if (self.days.days()[-1] - day).days < SEASON else SLACK
        expected = self.script.week[day.weekday()] * season * self.pace
        opens, closes = self.script.hours
        for _number in range(int(expected) + (rng.random() < expected % 1)):
            hour = min(closes - 1, max(opens, round(rng.triangular(opens - 1, closes + 1, (opens + 2 * closes) / 3))))
            moment = self.days.on(day, hour, rng.randrange(60)) + timedelta(seconds=rng.randrange(60))
            walks_in = bool(self.script.walk_in) and rng.random() < 0.1
            self.days.at(moment, self._walk_in if walks_in else self._ask)
        if rng.random() < 0.55:
            self.days.at(self.days.on(day, rng.randint(9, 22), rng.randrange(60)), self.inquiries.noise)
        for hour, minute in ROUNDS:
            self.days.at(self.days.on(day, hour, minute), self._round)
        for errand in self.script.errands:
            if errand.weekday == day.weekday():
                self.days.at(self.days.on(day, 10, 15), lambda errand=errand: self._set_errand(errand))

    def _round(self) -> None:
        ticker.tick()
        self.staff.read_notices()
        self._do_chores()
        self._let_messages_go()
        self.walk.look_around()

    def _do_chores(self) -> None:
        """Tasks of one's own trade and errands, done in time by most."""
        now, errands = clock.now(), {errand.title: errand.results for errand in self.script.errands}
        due = Task.objects.filter(done_at=None, due_at__lt=now + timedelta(hours=3)).exclude(responsible=None)
        theirs = Q(kind__key__in=self.script.chores) | Q(deal=None, title__in=errands)
        for task in due.filter(theirs).select_related("kind").order_by("pk"):
            me = next(person for person in self.staff.people.values() if person.pk == task.responsible_id)
            if self.staff.at_seat(me.seat_id, now) and self.rng.random() < 0.5:
                results = errands.get(task.title) or self.script.chores[task.kind.key]
                complete_task(task.pk, by=me.actor, result=self.rng.choice(results))

    def _let_messages_go(self) -> None:
        """What no channel has carried for two days is said by phone, if at all."""
        head = next((person for person in self.staff.people.values() if person.actor.may("release_messages")), None)
        if head is not None:
            old = messages.waiting(head).filter(due_at__lt=clock.now() - FORGOTTEN).order_by()
            settle(old.values_list("pk", flat=True), send=False, by=head.actor)

    def _set_errand(self, errand) -> None:
        me = self.staff.people[errand.login]
        due = self.days.on(self.days.local(clock.now()).date() + timedelta(days=errand.days), 16)
        kind = TaskKind.objects.get(key=errand.kind)
        create_task(by=me.actor, kind=kind, title=errand.title, due_at=due, responsible=me)

    # -- those who ask --------------------------------------------------------------------

    def _ask(self) -> None:
        who = self._stranger()
        self._follow(who, self.inquiries.send(who, wish=self.rng.choice(self.script.words.WISHES)))

    def _ask_again(self, who: Client) -> None:
        self._follow(who, self.inquiries.send(who, wish=self.rng.choice(self.script.words.AGAIN)))

    def _follow(self, who: Client, entry: Entry | None) -> None:
        if entry is None or entry.deal is None or entry.account != Entry.Account.DEAL:
            return
        deal = entry.deal
        self.known[deal.company_id] = who
        self.walk.look_at(deal)
        if self.days.shares.pick("again", (True, False), (1, 9)):
            later = clock.now() + timedelta(hours=self.rng.uniform(2, 30))
            self.days.at(later, lambda: self._writes_again(deal.pk, who))

    def _writes_again(self, deal_id: int, who: Client) -> None:
        """A client with an open deal asks once more."""
        if Deal.objects.filter(pk=deal_id, closed_at=None).exists():
            self.inquiries.send(who, wish=self.rng.choice(self.script.words.AGAIN))

    def _walk_in(self) -> None:
        who = self._stranger()
        people = self.staff.on_duty(self.script.takes, clock.now())
        if people:
            by = self.rng.choice(people).actor
            came = receive_walk_in(by=by, name=who.name, phone=who.phone, text=self.script.walk_in)
            self.known[came.deal.company_id] = who
            self.walk.look_at(came.deal)

    def _moved(self, deal: Deal, ref: str) -> None:
        """Some clients come back by themselves."""
        chance, low, high = self.script.returns.get(ref, (0.0, 0, 0))
        who = self.known.get(deal.company_id)
        if who and chance and self.days.shares.pick(("back", ref), (True, False), (chance, 1 - chance)):
            opens, closes = self.script.hours
            later = self.days.after(clock.now(), low * 1440, high * 1440, opens=opens, closes=closes)
            self.days.at(later, lambda: self._ask_again(who))

    def _stranger(self) -> Client:
        self.clients += 1
        return client(self.rng, self.clients)

    # -- those whom people find themselves ------------------------------------------------

    def _plan_opening(self, opening: Opening) -> None:
        days = self.days.days()
        for number in range(round(opening.before * self.pace)):
            morning = self.days.on(days[0], 9, 30) + timedelta(minutes=3 * number)
            self.days.at(morning, lambda number=number: self._open(opening, number))
        if opening.every:
            step = max(1, round(opening.every / self.pace))
            for number, day in enumerate(days[1::step]):
                moment = self.days.on(day, self.rng.randint(11, 17), self.rng.randrange(60))
                self.days.at(moment, lambda number=number: self._open(opening, number))

    def _open(self, opening: Opening, number: int) -> None:
        people = self.staff.on_duty(opening.role, clock.now()) or self.staff.of_role(opening.role)
        me, who = people[number % len(people)], self._stranger()
        funnel = self.funnels[opening.funnel]
        name = firm(self.rng, self.days.firms) if opening.firm else ""
        contact = register_client(
            by=me.actor,
            name=who.name,
            identities=[("phone", who.phone), ("email", who.email)],
            kind=Company.Kind.LEGAL if opening.firm else Company.Kind.FAMILY,
            company_name=name,
        )
        self.known[contact.company_id] = who
        deal = create_deal(
            by=BY if opening.before and number < opening.before and opening.stage else me.actor,
            funnel=funnel,
            stage=Stage.objects.get(funnel=funnel, key=opening.stage) if opening.stage else None,
            company=contact.company,
            contact=contact,
            title=self.rng.choice(opening.titles).format(name=name or who.name),
            responsible=me,
            location=me.locations.first() if opening.location else None,
            channel="call",
            amount=Decimal(opening.amount),
            fields=opening.values(self.days, number, me) if opening.values else None,
        )
        if opening.act:
            opening.act(self.days, number, deal)
        self.walk.look_at(deal)
