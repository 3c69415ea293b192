"""What stands in the calendar: tasks, and date fields of deals. Each kind is one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from voronka.deals import fields
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.access import sees
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import Days
from voronka.web.tasks.filtering import narrowed
from voronka.web.tasks.queries import belonging

from .place import Place

#: So many things of one kind a page; the page says when there are more.
MOST = 600
DATE_MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class Item:
    """`at`: local moment, None for a thing of the whole day. `tone`: late, today, "", done, date, coming.

    `move_url` takes its new time, `open_url` shows it.
    """

    id: str
    day: date
    at: datetime | None
    minutes: int
    title: str
    client: str
    icon: str
    tone: str
    person_id: int | None
    person: str
    open_url: str
    move_url: str
    is_task: bool
    deal_id: int | None
    series: bool = False

    @property
    def start(self) -> int:
        """Minutes from midnight."""
        return self.at.hour * 60 + self.at.minute if self.at else 0

    @property
    def ends(self) -> datetime | None:
        return self.at + timedelta(minutes=self.minutes) if self.at else None


def items_of(place: Place, person: Person, people: Iterable[int] | None) -> tuple[list[Item], bool]:
    """Everything of these days, and whether something was left out. `people`: of these only, else as `who` says."""
    tasks = [] if place.show == "dates" else _tasks(place, person, people)
    deals = [] if place.show == "tasks" else _dates(place, person, people)
    return [*(task_item(task, person) for task in tasks[:MOST]), *deals[:MOST]], max(len(tasks), len(deals)) > MOST


def in_order(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.day, item.at is not None, item.start, item.id))


def _tasks(place: Place, person: Person, people: Iterable[int] | None) -> list[Task]:
    first, end = place.span
    tasks = tasks_of(place, person, people).filter(due_at__gte=first, due_at__lt=end, cancelled=False)
    return list(tasks.order_by("due_at", "id")[: MOST + 1])


def tasks_of(place: Place, person: Person, people: Iterable[int] | None) -> QuerySet[Task]:
    """Of any time."""
    tasks = belonging(person, "all" if people is not None else place.who)
    if people is not None:
        tasks = tasks.filter(responsible__in=list(people))
    elif place.who == "all":
        # of everybody's only what is still to do: that has its index by time
        tasks = tasks.filter(done_at=None)
    return narrowed(tasks, place.tasks, person)


def task_item(task: Task, viewer: Person) -> Item:
    deal = task.deal if task.deal and sees(viewer.reach, task.deal.audience) else None
    company = deal.company if deal else task.company
    if company and not deal and not sees(viewer.reach, company.audience):
        company = None
    zone = timezone.get_current_timezone()
    at = task.due_at.astimezone(zone)
    part = Days.of(zone).part(task.due_at)
    return Item(
        id=f"cal-task-{task.pk}",
        day=at.date(),
        at=at,
        minutes=task.minutes,
        title=task.title,
        client=(deal.contact.name if deal and deal.contact else company.name) if company else "",
        icon=task.kind.icon,
        tone="done" if task.done_at else {"late": "late", "today": "today"}.get(part, ""),
        person_id=task.responsible_id,
        person=task.responsible.name if task.responsible else "",
        open_url=reverse("task", args=[task.pk]),
        move_url="" if task.done_at else reverse("task-slot", args=[task.pk]),
        is_task=True,
        deal_id=deal.pk if deal else None,
        series=task.series_id is not None,
    )


def date_fields(known: dict[str, FieldSpec]) -> list[tuple[FieldSpec, FieldSpec | None]]:
    """Date fields, each with the field that holds its time: `game_date` and `game_time`, else the group's only time."""
    times = [spec for spec in known.values() if spec.type == "time"]
    return [(spec, _time_of(spec, times)) for spec in known.values() if spec.type in ("date", "datetime")]


def _time_of(spec: FieldSpec, times: list[FieldSpec]) -> FieldSpec | None:
    if spec.type == "datetime":
        return None
    stem = spec.key.removesuffix("_date")
    named = next((one for one in times if one.key.removesuffix("_time") == stem), None)
    grouped = [one for one in times if one.group == spec.group]
    return named or (grouped[0] if len(grouped) == 1 else None)


def _dates(place: Place, person: Person, people: Iterable[int] | None) -> list[Item]:
    known = date_fields(fields.specs(person.actor))
    if not known:
        return []
    visible = Deal.objects.visible_to(person).exclude(stage__meaning=Stage.Meaning.LOST)
    deals = _of_people(visible, place, person, people).filter(_in_days(place, [spec for spec, _time in known]))
    found = deals.select_related("company", "contact", "responsible", "stage").order_by("id")[: MOST + 1]
    days = set(place.days)
    items = [date_item(deal, spec, hour) for deal in found for spec, hour in known if deal.fields.get(spec.key)]
    return [item for item in items if item and item.day in days]


def _of_people(deals: QuerySet[Deal], place: Place, person: Person, people: Iterable[int] | None) -> QuerySet[Deal]:
    if people is not None:
        return deals.filter(responsible__in=list(people))
    if place.who == "me":
        return deals.filter(Q(responsible=person) | Q(watchers__contains=[person.seat_id]))
    return deals.filter(responsible__team=person.team_id) if place.who == "team" else deals


def _in_days(place: Place, specs: list[FieldSpec]) -> Q:
    """A date is found by the index of fields, day by day; a date with its time only in open deals."""
    days = [spec for spec in specs if spec.type == "date"]
    moments = [spec for spec in specs if spec.type == "datetime"]
    found = [Q(fields__contains={spec.key: day.isoformat()}) for spec in days for day in place.days]
    if moments:
        found.append(Q(closed_at=None) & in_span(moments, place.days[0], place.days[-1]))
    return reduce(or_, found)


def in_span(specs: list[FieldSpec], first: date, last: date) -> Q:
    """Some of these dates lies between two days; for few deals, it has no index."""
    end = (last + timedelta(days=1)).isoformat()
    return reduce(
        or_, (Q(**{f"fields__{spec.key}__gte": first.isoformat(), f"fields__{spec.key}__lt": end}) for spec in specs)
    )


def date_item(deal: Deal, spec: FieldSpec, hour: FieldSpec | None) -> Item | None:
    kept, at_hour = str(deal.fields[spec.key]), str(deal.fields.get(hour.key) or "") if hour else ""
    try:
        day = date.fromisoformat(kept[:10])
        clock_text = kept[11:16] if spec.type == "datetime" else at_hour[:5]
        moment = time.fromisoformat(clock_text) if clock_text else None
    except ValueError:
        return None
    zone = timezone.get_current_timezone()
    at = datetime.combine(day, moment, zone) if moment else None
    over = (at or datetime.combine(day, time.max, zone)) < clock.now()
    return Item(
        id=f"cal-deal-{deal.pk}-{spec.key}",
        day=day,
        at=at,
        minutes=DATE_MINUTES,
        title=deal.contact.name if deal.contact else deal.company.name,
        client=f"{spec.title}: {deal.title}",
        icon="calendar-event",
        tone="date-done" if over or deal.closed_at else "date",
        person_id=deal.responsible_id,
        person=deal.responsible.name if deal.responsible else "",
        open_url=reverse("deal", args=[deal.pk]),
        move_url=reverse("calendar-date", args=[deal.pk, spec.key]) if spec.editable else "",
        is_task=False,
        deal_id=deal.pk,
    )
