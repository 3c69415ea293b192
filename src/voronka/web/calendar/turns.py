"""Turns of tasks that come again which are not made yet: seen in the calendar beforehand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.repeat import turns_between

from .items import Item, task_item


def coming_turns(tasks: QuerySet[Task], viewer: Person, *, first: datetime, end: datetime) -> list[Item]:
    """Between two moments, of the series whose latest task is among `tasks`. One query."""
    latest = tasks.filter(series__ended_at=None, occurs_at=F("series__turn_at"), occurs_at__lt=end)
    latest = latest.filter(done_at=None, cancelled=False).select_related("series__responsible")
    return [item for task in latest for item in _turns(task, viewer, first, end)]


def _turns(task: Task, viewer: Person, first: datetime, end: datetime) -> Iterable[Item]:
    series, like = task.series, task_item(task, viewer)
    if series is None:
        return
    zone, here = ZoneInfo(series.time_zone), timezone.get_current_timezone()
    since = max(series.turn_at, first)
    for turn in turns_between(since, end, rule=series.rule, starts_at=series.starts_at, zone=zone):
        at = turn.astimezone(here)
        yield replace(
            like,
            id=f"cal-turn-{series.pk}-{at:%Y%m%d%H%M}",
            day=at.date(),
            at=at,
            minutes=series.minutes,
            title=series.title,
            tone="coming",
            person_id=series.responsible_id,
            person=series.responsible.name,
            move_url="",
        )
