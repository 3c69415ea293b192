from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.kernel.calendars import due as due_after
from voronka.staff.queries import company_zone
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task

from ..moments import moment_of
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
            due_at=deadline(self.due, work, self.clock),
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


def deadline(due: Due, work: Work, clock: Clock | None) -> datetime:
    """So long from now in working time. By a date field: in the company's zone, noon unless told; never in the past."""
    if due.in_:
        return due_after(work.now, due.in_.length, work.calendar(clock))
    at = moment_of(due, work.deal.fields, company_zone()) if work.deal else None
    if at is None:
        return work.now + timedelta(days=1)
    return at if at > work.now else work.now + LATE


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
