"""Tasks that come again: each next one is made when the one before is done or its moment comes, exactly once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal

from ..models import Series, Task
from ..repeat import Repeat, next_after
from ._rows import locked, record_task
from .create_task import create_task

#: So many series a tick; the rest waits for the next one, which follows at once.
BATCH = 100


def repeat_task(task_id: int, *, by: Actor, repeat: Repeat, zone: ZoneInfo) -> Series:
    """From now on an open task comes again; it is the first one of its series."""
    with transaction.atomic():
        task = locked(task_id, by)
        if task.done_at or task.series_id:
            raise Refusal(_("Only an open task that does not come again yet can begin to."))
        if task.responsible is None:
            raise FieldErrors({"responsible": _("Say who will do it.")})
        series = Series(created_by_id=by.person_id, time_zone=zone.key)
        _plan(series, task, repeat, zone)
        task.series, task.occurs_at = series, task.due_at
        task.save(update_fields=["series", "occurs_at"])
        record_task("task.changed", task, by, {"changes": {"series": [None, series.rule]}})
    return series


def change_series(task_id: int, *, by: Actor, repeat: Repeat) -> None:
    """This and the following: what the task is now, its time too, the coming ones will be."""
    with transaction.atomic():
        task = locked(task_id, by)
        series = _locked_series(task)
        before = series.rule
        if series.turn_at != task.occurs_at:
            raise Refusal(_("A later one is planned already: change that one."))
        task.occurs_at = task.due_at
        task.save(update_fields=["occurs_at"])
        _plan(series, task, repeat, ZoneInfo(series.time_zone))
        if before != series.rule:
            record_task("task.changed", task, by, {"changes": {"series": [before, series.rule]}})


def end_series(task_id: int, *, by: Actor) -> None:
    """No more of them after this one."""
    with transaction.atomic():
        task = locked(task_id, by)
        series = _locked_series(task) if task.series_id else None
        if series and series.ended_at is None:
            _end(series)
            record_task("task.changed", task, by, {"changes": {"series": [series.rule, None]}})


def take_next_turn(task: Task, by: Actor) -> None:
    """The latest task of a series was closed: the next one comes. Inside the closing's transaction."""
    if task.series_id:
        series = _locked_series(task)
        if series.ended_at is None and series.turn_at == task.occurs_at:
            _make_next(series, task, by)


def take_back_turn(task: Task, by: Actor) -> None:
    """The closing was taken back: the one that came of it goes, when nobody has done it meanwhile."""
    if not task.series_id:
        return
    series = _locked_series(task)
    came = Task.objects.filter(series=series, done_at=None, occurs_at=series.turn_at, occurs_at__gt=task.occurs_at)
    next_one = came.select_related("kind").first()
    if next_one and not series.tasks.filter(occurs_at__gt=task.occurs_at, occurs_at__lt=series.turn_at).exists():
        record_task("task.cancelled", next_one, by)
        next_one.delete()
        series.turn_at = task.occurs_at  # type: ignore[assignment]
        series.save(update_fields=["turn_at"])


def take_turns() -> int:
    """Series whose latest task's moment has come get their next one; how many there were."""
    with transaction.atomic():
        due = Series.objects.filter(ended_at=None, turn_at__lte=clock.now()).order_by("turn_at")
        found = list(due.select_for_update(skip_locked=True)[:BATCH])
        for series in found:
            latest = series.tasks.select_related("kind", "deal").filter(occurs_at=series.turn_at).first()
            if latest:
                _make_next(series, latest, actor.system("series"))
            else:
                _end(series)
    return len(found)


def _locked_series(task: Task) -> Series:
    return Series.objects.select_for_update().get(tasks=task)


def _plan(series: Series, task: Task, repeat: Repeat, zone: ZoneInfo) -> None:
    first = task.due_at.astimezone(zone).date()
    if repeat.until and repeat.until < first:
        raise FieldErrors({"until": _("The end is before the beginning.")})
    series.rule = repeat.rule(first)
    series.starts_at = series.turn_at = task.due_at
    series.kind, series.title, series.responsible = task.kind, task.title, task.responsible  # type: ignore[assignment]
    series.minutes, series.remind_before = task.minutes, task.remind_before
    series.save()


def _make_next(series: Series, before: Task, by: Actor) -> None:
    """Turns missed while nobody was there are left out."""
    zone = ZoneInfo(series.time_zone)
    since = max(series.turn_at, clock.now())
    at = next_after(since, rule=series.rule, starts_at=series.starts_at, zone=zone)
    if at is None or not _goes_on(series, before):
        return _end(series)
    return _make(series, before, at, by)


def _goes_on(series: Series, before: Task) -> bool:
    """Not for somebody who has left, nor in a deal that is closed."""
    return series.responsible.is_active and not (before.deal and before.deal.closed_at)


def _make(series: Series, before: Task, at: datetime, by: Actor) -> None:
    create_task(
        by=by,
        kind=series.kind,
        title=series.title,
        due_at=at,
        responsible=series.responsible,
        deal_id=before.deal_id,
        company=before.company,
        deal_audience=before.deal.audience if before.deal else None,
        minutes=series.minutes,
        remind_before=series.remind_before,
        series_id=series.pk,
    )
    series.turn_at = at
    series.save(update_fields=["turn_at"])


def _end(series: Series) -> None:
    series.ended_at = clock.now()
    series.save(update_fields=["ended_at"])
