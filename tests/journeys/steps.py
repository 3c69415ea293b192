"""Short words for stories of presets: a company on its feet, a deal on a stage, time that passes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import create_deal, move_deal
from voronka.deals.models import Deal, Funnel, LossReason, Stage
from voronka.intake.actions import register_source
from voronka.intake.models import Source
from voronka.kernel import actor
from voronka.kernel.models import Event
from voronka.messages.models import Message
from voronka.notices.models import Notice
from voronka.presets import catalogue
from voronka.process import ticker
from voronka.process.actions import activate
from voronka.staff.models import Brand, Location, Person, Role
from voronka.tasks.models import Task
from voronka.testing.cast import found_company, hire

SITE = actor.system("test")


@dataclass
class Story:
    """`people` by the key of their role, one of each; all of every brand, the administrator of the first location."""

    people: dict[str, Person]
    clock: Any = None

    def __getattr__(self, role: str) -> Person:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None

    def on(self, clock) -> "Story":
        """The same company under the clock of a test."""
        return replace(self, clock=clock)

    def arrives(self, ref: str, *, fields: dict | None = None, company: Company | None = None, **given) -> Deal:
        """An untaken deal of a new client on a stage, as inquiries make it."""
        contact = company.contacts.first() if company else register_client(
            by=SITE, name="Ирина Соколова", identities=[("phone", "+79000000001"), ("email", "irina@mail.example")]
        )  # fmt: skip
        funnel, _slash, key = ref.partition("/")
        row = Funnel.objects.get(key=funnel)
        given = {
            "channel": "site",
            "title": "Заявка",
            "source_id": _site() if "responsible" not in given else None,
            **given,
        }
        return create_deal(
            by=SITE, funnel=row, stage=Stage.objects.get(funnel=row, key=key), company=contact.company, contact=contact,
            fields=fields, **given,
        )  # fmt: skip

    def deal(self, ref: str, who: Person, **given) -> Deal:
        """A deal somebody leads."""
        return self.arrives(ref, responsible=who, **given)

    def goes(self, deal: Deal, key: str, who: Person, *, reason: str = "", comment: str = "", **values) -> Deal:
        why = LossReason.objects.get(funnel=deal.funnel, key=reason) if reason else None
        to = Stage.objects.get(funnel=deal.funnel, key=key)
        return move_deal(deal.pk, by=who.actor, to=to, values=values or None, loss_reason=why, loss_comment=comment)

    def later(self, **units: float) -> None:
        """Time passes, the ticker looks."""
        self.clock.advance(**units)
        ticker.tick()

    def at(self, moment: datetime) -> None:
        self.clock.set(moment)
        ticker.tick()


def _site() -> int:
    found = Source.objects.filter(title="Сайт").first()
    return (found or register_source(by=SITE, title="Сайт", profile="form")).pk


def founded(preset: str) -> Story:
    """A company that works by the preset, everybody hired."""
    found_company(preset=preset)
    activate(catalogue.text(preset), by=SITE)
    brands, place = list(Brand.objects.all()), Location.objects.order_by("pk").first()
    people = {
        role.key: hire(role.key, role.title, role, brands=brands, locations=[place] if place and role.sees == "location" else [])
        for role in Role.objects.all()
    }  # fmt: skip
    ticker.tick()  # what is due by the clock is due from now on
    return Story(people)


def tasks(deal: Deal, who: Person | None = None) -> list[str]:
    """Titles of open tasks, the nearest first."""
    found = Task.objects.filter(deal=deal, done_at=None).order_by("due_at", "pk")
    return list((found.filter(responsible=who) if who else found).values_list("title", flat=True))


def told(who: Person) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("title", flat=True))


def said(deal: Deal) -> list[str]:
    """Rules that have written to the client of a deal, in order."""
    return list(Message.objects.filter(company=deal.company).order_by("pk").values_list("rule", flat=True))


def stage(deal: Deal, key: str) -> Stage:
    return Stage.objects.get(funnel_id=deal.funnel_id, key=key)


def where(deal: Deal) -> str:
    deal.refresh_from_db()
    return f"{deal.funnel.key}/{deal.stage.key}"


def next_deal(deal: Deal) -> Deal:
    """The newest deal of the same client."""
    return Deal.objects.filter(company=deal.company).exclude(pk=deal.pk).latest("pk")


def set_aside() -> list[str]:
    return [event.data["rule"] for event in Event.objects.filter(kind__in=["rule.broken", "rule.refused", "rule.cut"])]
