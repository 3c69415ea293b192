"""A small company at work by the quests preset, for tests of the board and the card."""

from dataclasses import dataclass
from datetime import timedelta

from voronka.clients.actions import register_client
from voronka.deals.actions import Step, create_deal, move_deal, plan_step, take_deal
from voronka.deals.models import Deal, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.tasks.models import TaskKind
from voronka.testing.cast import Cast, hire_cast


@dataclass
class Office:
    """The cast, and what may happen to it."""

    cast: Cast
    funnel: Funnel
    made: int = 0

    def stage(self, key: str) -> Stage:
        return Stage.objects.get(funnel=self.funnel, key=key)

    def inquiry(
        self, name: str = "Лена Котова", *, channel: str = "site", title: str = "Форма «Подобрать квест»"
    ) -> Deal:
        """An untaken deal of the cast's brand, as a form on the site makes it."""
        self.made += 1
        contact = register_client(
            by=actor.client("Сайт"), name=name, identities=[("phone", f"+7921555{self.made:04d}")]
        )
        return create_deal(
            by=actor.client("Форма на сайте"),
            funnel=self.funnel,
            company=contact.company,
            contact=contact,
            channel=channel,
            brand=self.cast.brand,
            title=title,
        )

    def deal(self, name: str = "Ирина Соколова", *, by=None, stage: str = "taken", **values: str) -> Deal:
        """A taken deal at a stage, its fields filled with typed texts."""
        by = by or self.cast.owner
        deal = take_deal(self.inquiry(name).pk, by=by.actor)
        keys = ["taken", "picked", "booked", "call1", "played"]
        for key in keys[1 : keys.index(stage) + 1]:
            move_deal(deal.pk, by=by.actor, to=self.stage(key), values=values)
        return Deal.objects.get(pk=deal.pk)

    def step(self, deal: Deal, title: str = "Перезвонить", *, hours: float = 3):
        """One more task in the deal."""
        kind = TaskKind.objects.get(key="call")
        step = Step(kind=kind, title=title, due_at=clock.now() + timedelta(hours=hours))
        return plan_step(deal.pk, by=self.cast.owner.actor, step=step)

    def booked(self) -> dict[str, str]:
        """Typed texts of what «Бронь подтверждена» asks for."""
        day = (clock.now() + timedelta(days=7)).date().isoformat()
        location = str(self.cast.location.pk)
        return {"game_date": day, "game_time": "16:00", "location": location, "programme": "Шерлок"}


def open_office() -> Office:
    """Hire the cast and put the process in force."""
    cast = hire_cast()
    activate(catalogue.text("quests"), by=actor.system("test"))
    return Office(cast=cast, funnel=Funnel.objects.get(key="first"))
