"""«My figures»: only what is true now, each with the list of its records. Days are of the company's zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.formats import date_format

from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.filters import All, Is, dump
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import done_tasks

_ME = Is("responsible", "in", ("me",))


@dataclass(frozen=True)
class Period:
    """Today or this month. `name` is what filters call it."""

    key: str
    name: str
    first: datetime
    end: datetime

    @classmethod
    def of(cls, key: str, zone: ZoneInfo) -> "Period":
        local = clock.now().astimezone(zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if key == "day":
            return cls("day", "today", midnight, midnight + timedelta(days=1))
        first = midnight.replace(day=1)
        return cls("month", "this-month", first, (first + timedelta(days=32)).replace(day=1))

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.first, f"{field}__lt": self.end})

    @property
    def zone(self) -> ZoneInfo:
        return self.first.tzinfo  # type: ignore[return-value]

    @property
    def month(self) -> str:
        """«November», as a title."""
        return date_format(self.first, "F").capitalize()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`answered` of `to_answer`: taken within the limit, of those that had one."""

    period: Period
    won: int
    won_sum: Decimal
    taken: int
    to_answer: int
    answered: int
    done: int
    done_today: int

    @property
    def average(self) -> int | None:
        return round(self.won_sum / self.won) if self.won else None

    @property
    def answered_percent(self) -> int | None:
        return round(100 * self.answered / self.to_answer) if self.to_answer else None

    @property
    def won_url(self) -> str:
        return f"{reverse('day-won')}?period={self.period.key}"

    @property
    def taken_url(self) -> str:
        return deals_url(All([_ME, Is("taken_at", "is", self.period.name)]))

    @property
    def answered_url(self) -> str:
        return f"{reverse('day-answers')}?period={self.period.key}"

    @property
    def done_url(self) -> str:
        filtered = dump(Is("done_at", "is", self.period.name))
        return f"{reverse('tasks')}?{urlencode({'state': 'done', 'filter': filtered})}"


def is_won(person: Person, period: Period) -> Q:
    """Won deals that are mine, or that went on from my account to somebody who finished them."""
    mine = Q(responsible=person) | Q(watchers__contains=[person.seat_id])
    return mine & Q(stage__meaning=Stage.Meaning.WON) & period.within("closed_at")


def figures_of(person: Person, period: Period) -> Figures:
    """Two queries."""
    won = is_won(person, period)
    taken = Q(responsible=person) & period.within("taken_at")
    found = (
        Deal.objects.visible_to(person)
        .filter(won | taken)
        .aggregate(
            won=Count("id", filter=won),
            won_sum=Sum("amount", filter=won),
            taken=Count("id", filter=taken),
            to_answer=Count("id", filter=taken & Q(answer_due_at__isnull=False)),
            answered=Count("id", filter=taken & Q(taken_at__lte=F("answer_due_at"))),
        )
    )
    found["won_sum"] = found["won_sum"] or Decimal(0)
    done, done_today = done_of(person, period)
    return Figures(period=period, **found, done=done, done_today=done_today)


def done_of(person: Person, period: Period) -> tuple[int, int]:
    """(tasks done in the period, of them today). One query."""
    today = Period.of("day", period.zone)
    mine = done_tasks(Task.objects.visible_to(person)).filter(period.within("done_at"), responsible=person)
    found = mine.aggregate(done=Count("id"), today=Count("id", filter=today.within("done_at")))
    return found["done"], found["today"]


def won_of(person: Person, period: Period) -> QuerySet[Deal]:
    """Deals behind the sum, latest first."""
    won = Deal.objects.visible_to(person).filter(is_won(person, period))
    return won.select_related("company", "contact", "stage", "responsible").order_by("-closed_at", "-id")


def answers_of(person: Person, period: Period) -> QuerySet[Deal]:
    """Deals behind «answered within the limit», latest first."""
    return (
        Deal.objects.visible_to(person)
        .filter(period.within("taken_at"), responsible=person, answer_due_at__isnull=False)
        .select_related("company", "contact", "stage")
        .order_by("-taken_at", "-id")
    )


def deals_url(tree: All | Is) -> str:
    """The list of deals under a filter."""
    return f"/deals?{urlencode({'filter': dump(tree)})}"
