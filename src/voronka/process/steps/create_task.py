from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals.models import Deal
from voronka.staff.queries import company_zone
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task

from ..outline import Outline
from ..values import FIELD, Clock, Due, Duration, TaskKindRef, Text
from . import _facts, _people
from ._base import BaseStep, Work

# A moment from a date field that is already over: the task is due so soon.
LATE = timedelta(hours=1)


class CreateTask(BaseStep):
    """A task in the deal, or on the client for a rule about clients. `for` nobody: it waits for whoever takes the deal.

    `unless_open`: not while there is an open task of this kind. A time is counted in the funnel's calendar unless
    `clock` says otherwise.
    """

    do: Literal["create_task"]
    kind: TaskKindRef
    title: Text
    due: Due
    for_: Annotated[Literal["nobody"] | _people.Somebody, Field(alias="for")]
    unless_open: bool = False
    clock: Clock | None = None
    needs = "nothing"

    def run(self, work: Work) -> None:
        deal = work.deal
        whose = Task.objects.filter(deal=deal) if deal else Task.objects.filter(company=work.company, deal=None)
        if self.unless_open and whose.filter(kind__key=self.kind, done_at=None).exists():
            return
        people = [] if self.for_ == "nobody" else _people.find(self.for_, work)
        create_task(
            by=work.by,
            kind=work.task_kinds[self.kind],
            title=self.title.fill(_facts.of(work, self.title)),
            due_at=due_at(self.due, deal, work.now),
            responsible=people[0] if people else deal.responsible if deal else None,
            deal_id=deal.pk if deal else None,
            company=work.company,
            deal_audience=work.audience,
            rule=work.rule,
        )

    def sentence(self, outline: Outline) -> str:
        return _("{who} gets the task «{title}», {due}").format(
            who=_people.words(self.for_, outline),
            title=self.title,
            due=due_words(self.due, outline),
        )


def due_at(due: Due, deal: Deal | None, now: datetime) -> datetime:
    """The deadline. By a date field: in the company's zone, noon unless told; never in the past."""
    if due.in_:
        return now + due.in_.delta
    if deal is None or not (day := deal.fields.get(due.field)):
        return now + timedelta(days=1)
    clock = due.clock.strftime("%H:%M") if due.clock else deal.fields.get(due.clock_field) or "12:00"
    moment = datetime.fromisoformat(day if "T" in day else f"{day}T{clock}")
    if due.clock:
        moment = moment.replace(hour=due.clock.hour, minute=due.clock.minute)
    zone: ZoneInfo = company_zone()
    at = (moment + due.shift).replace(tzinfo=zone)
    return at if at > now else now + LATE


def due_words(due: Due, outline: Outline) -> str:
    if due.in_:
        return _("due in {time}").format(time=due.in_.words)
    field = outline.quoted(FIELD, due.field)
    if not due.shift:
        return _("due on {field}").format(field=field)
    length = abs(due.shift)
    hours = length.seconds // 3600
    amount = f"{length.days} days" if length.days else f"{hours} hours" if hours else f"{length.seconds // 60} minutes"
    text = Duration(amount).words
    if due.shift < timedelta():
        return _("due {time} before {field}").format(time=text, field=field)
    return _("due {time} after {field}").format(time=text, field=field)
