"""What a person has to do now, in the order of urgency. Each part is one query, with its whole count in the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When, Window
from django.utils import timezone

from voronka.clients.models import Identity
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.models import Event
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import OPEN_ORDER, Days, open_tasks, visible
from voronka.web.tasks.rows import TaskRow, rows

SHOWN_WAITING, SHOWN_TASKS, SHOWN_STEPLESS = 8, 60, 20
USUAL_LIMIT = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A client without an answer. `due_at` is the limit of an untaken inquiry; for a further inquiry of my own
    client there is none and `since` tells the age."""

    deal_id: int
    channel: str
    client: str
    text: str
    mine: bool
    since: datetime
    due_at: datetime | None
    limit_seconds: int

    @property
    def percent(self) -> int:
        """Share of the limit that has burnt."""
        if self.due_at is None:
            return 100
        left = (self.due_at - clock.now()).total_seconds()
        return max(0, min(100, round(100 * (1 - left / self.limit_seconds))))


@dataclass(frozen=True, kw_only=True)
class Stepless:
    deal_id: int
    channel: str
    client: str
    subject: str
    stage: str
    stage_entered_at: datetime
    amount: object


@dataclass(kw_only=True)
class Work:
    """The left side of the page. Counts are of everything, lists are what is shown."""

    waiting: list[Waiting] = field(default_factory=list)
    waiting_count: int = 0
    late: list[TaskRow] = field(default_factory=list)
    late_count: int = 0
    today: list[TaskRow] = field(default_factory=list)
    today_count: int = 0
    stepless: list[Stepless] = field(default_factory=list)
    stepless_count: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.late or self.today or self.stepless)


def work_of(person: Person) -> Work:
    days = Days.of(timezone.get_current_timezone())
    work = Work()
    untaken = list(_untaken(person)[:SHOWN_WAITING]) if person.may("take_deals") else []
    mine = list(_mine(person))
    unread = [deal for deal in mine if deal.is_unread]
    _fill_waiting(work, untaken, unread)
    _fill_stepless(work, [deal for deal in mine if deal.next_step_at is None])
    _fill_tasks(work, person, days)
    return work


def my_open(person: Person) -> QuerySet[Deal]:
    return Deal.objects.visible_to(person).filter(responsible=person, closed_at=None)


def _untaken(person: Person) -> QuerySet[Deal]:
    return (
        Deal.objects.visible_to(person)
        .filter(taken_at=None, closed_at=None, stage__meaning=Stage.Meaning.UNSORTED)
        .select_related("company", "contact", "stage")
        .annotate(whole=Window(Count("id")))
        .order_by("created_at", "id")
    )


def _mine(person: Person) -> QuerySet[Deal]:
    """My open deals with something unread or without a next step."""
    return (
        my_open(person)
        .filter(Q(is_unread=True) | Q(next_step_at=None))
        .select_related("company", "contact", "stage")
        .order_by("-is_unread", "stage_entered_at", "id")[:200]
    )


def _fill_waiting(work: Work, untaken: list[Deal], unread: list[Deal]) -> None:
    said = _said([deal.pk for deal in (*untaken, *unread)])
    found = [_waiting(deal, said, mine=False) for deal in untaken]
    found += [_waiting(deal, said, mine=True) for deal in unread[:SHOWN_WAITING]]
    # What burns first comes first; a further inquiry of my own client has burnt since it came.
    work.waiting = sorted(found, key=lambda one: one.due_at or one.since + USUAL_LIMIT)
    work.waiting_count = (untaken[0].whole if untaken else 0) + len(unread)  # type: ignore[attr-defined]


def _waiting(deal: Deal, said: dict[int, tuple[datetime, str]], *, mine: bool) -> Waiting:
    at, text = said.get(deal.pk, (deal.created_at, ""))
    limit = timedelta(minutes=deal.stage.limit_minutes) if deal.stage.limit_minutes and not mine else USUAL_LIMIT
    return Waiting(
        deal_id=deal.pk,
        channel=deal.channel,
        client=_client(deal),
        text=text or deal.title,
        mine=mine,
        since=at,
        due_at=None if mine else deal.answer_due_at,
        limit_seconds=int(limit.total_seconds()),
    )


def _said(deal_ids: list[int]) -> dict[int, tuple[datetime, str]]:
    """What each deal's client said last: moment and text."""
    if not deal_ids:
        return {}
    last = (
        Event.objects.filter(deal_id__in=deal_ids, kind__in=("inquiry.received", "inquiry.attached"))
        .order_by("deal_id", "-id")
        .distinct("deal_id")
    )
    return {event.deal_id: (event.at, _words(event.data)) for event in last if event.deal_id}


def _words(data: dict) -> str:
    answers = data.get("answers") or []
    return data.get("text") or ", ".join(str(pair[-1]) for pair in answers if pair and pair[-1])


def _fill_stepless(work: Work, deals: list[Deal]) -> None:
    work.stepless_count = len(deals)
    work.stepless = [
        Stepless(
            deal_id=deal.pk,
            channel=deal.channel,
            client=_client(deal),
            subject=deal.title,
            stage=deal.stage.title,
            stage_entered_at=deal.stage_entered_at,
            amount=deal.amount or None,
        )
        for deal in deals[:SHOWN_STEPLESS]
    ]


def _fill_tasks(work: Work, person: Person, days: Days) -> None:
    part = Case(
        When(days.within("late"), then=Value("late")), default=Value("today"), output_field=CharField(max_length=5)
    )
    found = list(
        open_tasks(visible(person))
        .filter(responsible=person, due_at__lt=days.tomorrow)
        .annotate(part=part)
        .annotate(whole=Window(Count("id"), partition_by="part"))
        .order_by(*OPEN_ORDER)[: SHOWN_TASKS * 2]
    )
    shown = rows(found, viewer=person, days=days, phones=phones(found))
    work.late = [row for row in shown if row.part == "late"][:SHOWN_TASKS]
    work.today = [row for row in shown if row.part == "today"][:SHOWN_TASKS]
    whole = {task.part: task.whole for task in found}
    work.late_count, work.today_count = whole.get("late", 0), whole.get("today", 0)


def phones(tasks: Iterable[Task]) -> dict[int, str]:
    """Contact → its first phone, for rows that offer a call."""
    contacts = {task.deal.contact_id for task in tasks if task.deal and task.deal.contact_id}
    if not contacts:
        return {}
    found = Identity.objects.filter(contact_id__in=contacts, kind=Identity.Kind.PHONE).order_by("-id")
    return {identity.contact_id: identity.value for identity in found}


def _client(deal: Deal) -> str:
    return deal.contact.name if deal.contact else deal.company.name
