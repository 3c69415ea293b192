"""Telling people of their tasks in time: bound to `task.reminder` in `voronka.wiring`."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from voronka.kernel.access import sees
from voronka.kernel.actor import Actor
from voronka.kernel.models import Event
from voronka.notices.actions import notify
from voronka.staff.models import Person
from voronka.tasks.models import Task


def remind(events: Sequence[Event], by: Actor) -> None:
    """A notice to each task's responsible."""
    found = Task.objects.select_related("deal__company", "deal__contact", "responsible__role")
    for task in found.filter(pk__in=[event.task_id for event in events]).order_by("pk"):
        if task.responsible:
            _remind(task, task.responsible)


def _remind(task: Task, person: Person) -> None:
    """A deal that the person may not see is neither named nor opened."""
    deal = task.deal if task.deal and sees(person.reach, task.deal.audience) else None
    client = (deal.contact.name if deal.contact else deal.company.name) if deal else ""
    at = task.due_at.astimezone(person.zone)
    with translation.override(person.language):
        notify(
            [person],
            kind="reminder",
            key=f"task:{task.pk}",
            title=_("At %(time)s: %(title)s") % {"time": f"{at:%H:%M}", "title": task.title},
            body=client,
            url=f"/deals/{deal.pk}" if deal else "/tasks",
        )
