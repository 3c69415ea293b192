"""What goes on beside sales: partners' offers, calls about bad marks, the head's own tasks."""

from dataclasses import dataclass
from datetime import timedelta

from voronka.clients.actions import register_client
from voronka.deals.actions import add_note, create_deal, move_deal
from voronka.deals.models import Deal, Funnel, LossReason, Stage
from voronka.kernel import clock
from voronka.process import ticker
from voronka.staff.models import Person
from voronka.tasks.actions import complete_task, create_task
from voronka.tasks.models import Task, TaskKind

from ..living.days import Days
from ..living.names import client
from ..living.people import Staff
from . import words


@dataclass
class Service:
    days: Days
    staff: Staff

    def plan(self) -> None:
        rng = self.days.rng
        for number, day in enumerate(self.days.days()):
            self.days.at(self.days.on(day, 10, 50), self._morning)
            self.days.at(self.days.on(day, 19, 5), self._morning)
            if day.weekday() == 0:
                self.days.at(self.days.on(day, 10, 15), self._own_tasks)
            if number % 4 == 1:
                self.days.at(self.days.on(day, rng.randint(11, 18), rng.randrange(60)), self._offer)

    def _morning(self) -> None:
        """Timers of whole days, and the head's and the administrators' service work."""
        ticker.tick()
        self.staff.read_notices()
        self._help_with_stuck()
        for deal in (
            Deal.objects.filter(funnel__key__in=("quality", "partners"), closed_at=None)
            .select_related("funnel", "stage", "company", "responsible__role")
            .order_by("pk")
        ):
            if self.days.rng.random() < (0.45 if deal.funnel.key == "quality" else 0.06):
                self._step(deal)

    def _help_with_stuck(self) -> None:
        head = self.staff.people["oleg"]
        late = Task.objects.filter(responsible=head, done_at=None, due_at__lt=clock.now() + timedelta(hours=2))
        for task in late.order_by("pk"):
            if self.days.rng.random() < 0.7:
                complete_task(task.pk, by=head.actor, result=self.days.rng.choice(words.TALKED))

    def _own_tasks(self) -> None:
        head = self.staff.people["oleg"]
        for kind, title, day in (
            ("check", "Прослушать десять звонков", 2),
            ("review", "Прочитать отзывы на картах, ответить", 3),
            ("meeting", "Планёрка с администраторами", 4),
        ):
            create_task(
                by=head.actor,
                kind=TaskKind.objects.get(key=kind),
                title=title,
                due_at=self.days.on(self.days.local(clock.now()).date() + timedelta(days=day), 16),
                responsible=head,
            )

    def _offer(self) -> None:
        head, rng = self.staff.people["oleg"], self.days.rng
        who = client(rng, 90_000 + rng.randrange(9_000))
        contact = register_client(by=head.actor, name=who.name, identities=[("email", who.email)])
        create_deal(
            by=head.actor,
            funnel=Funnel.objects.get(key="partners"),
            company=contact.company,
            contact=contact,
            title=rng.choice(words.OFFERS),
            responsible=head,
            channel="email",
        )

    def _step(self, deal: Deal) -> None:
        """One stage on; now and then it comes to nothing."""
        me = deal.responsible
        if me is None or not self._is_in(me):
            return
        stages = list(deal.funnel.stages.filter(is_active=True).order_by("position"))
        there = next(stage for stage in stages if stage.position > deal.stage.position)
        if deal.funnel.key == "partners":
            add_note(deal.pk, by=me.actor, text=self.days.rng.choice(words.OFFER_NOTES))
        for task in Task.objects.filter(deal=deal, done_at=None):
            complete_task(task.pk, by=me.actor, result="Поговорили")
        if self.days.rng.random() < 0.15:
            self._give_up(deal, me, stages[-1])
            return
        move_deal(deal.pk, by=me.actor, to=there)
        if there.meaning == Stage.Meaning.OPEN and self.days.rng.random() < 0.7:
            self._remind(deal, me)

    def _remind(self, deal: Deal, me: Person) -> None:
        create_task(
            by=me.actor,
            kind=TaskKind.objects.get(key="message"),
            title=self.days.rng.choice(words.REMINDERS),
            due_at=self.days.after(clock.now(), 1440, 5 * 1440).replace(minute=0, second=0, microsecond=0),
            responsible=me,
            deal_id=deal.pk,
            company=deal.company,
            deal_audience=deal.audience,
        )

    def _give_up(self, deal: Deal, me: Person, lost: Stage) -> None:
        reason = LossReason.objects.filter(funnel_id=deal.funnel_id, is_active=True).order_by("position").first()
        move_deal(deal.pk, by=me.actor, to=lost, loss_reason=reason)

    def _is_in(self, person: Person) -> bool:
        return self.staff.at_seat(person.seat_id, clock.now()) is not None
