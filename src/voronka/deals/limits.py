"""How long a deal may stay at its stage, counted in working time: one way for tiles, filters and rules.

A stage keeps its limit as `{"amount": 1, "unit": "day", "calendar": {…}}`; the calendar as `staff.calendars` reads it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from voronka.kernel import clock
from voronka.kernel.calendars import ALWAYS, Calendar, Length, due, latest_start, worked_between
from voronka.staff.calendars import calendar_of

from .models import Deal, Stage


def limit_at(stage: Stage, entered_at: datetime) -> datetime | None:
    """When the time at this stage is up; None without a limit."""
    kept = _limit_of(stage)
    return due(entered_at, kept[0], kept[1]) if kept else None


def used(deal: Deal) -> float | None:
    """Which share of its time at the stage a deal has used, 1 when it is up; None when nothing is counted."""
    kept = _limit_of(deal.stage)
    if kept is None or deal.closed_at is not None:
        return None
    length, calendar = kept
    begun, ends = deal.stage_entered_at, due(deal.stage_entered_at, length, calendar)
    whole = worked_between(begun, ends, calendar)
    return worked_between(begun, clock.now(), calendar) / whole if whole else 1.0


def overstayed(stages: Iterable[Stage]) -> Q:
    """Deals at these stages that stay longer than they may."""
    late = Q(pk__in=[])
    for stage in stages:
        if kept := _limit_of(stage):
            late |= Q(stage=stage, closed_at=None, stage_entered_at__lt=latest_start(clock.now(), *kept))
    return late


def _limit_of(stage: Stage) -> tuple[Length, Calendar] | None:
    """The calendar is kept with the row: one of shifts is asked of the database. What was written before limits knew
    calendars counts by the wall."""
    if stage.limit is None:
        return (Length(stage.limit_minutes, "minute"), ALWAYS) if stage.limit_minutes else None
    if not hasattr(stage, "_calendar"):
        stage._calendar = calendar_of(stage.limit["calendar"])  # type: ignore[attr-defined]
    return Length(stage.limit["amount"], stage.limit["unit"]), stage._calendar  # type: ignore[attr-defined]


def answer_calendar(funnel_id: int | None) -> Calendar:
    """The working time in which inquiries of a funnel are answered: that of its unsorted stage's limit."""
    first = Stage.objects.filter(funnel=funnel_id, meaning=Stage.Meaning.UNSORTED, is_active=True).first()
    kept = _limit_of(first) if first else None
    return kept[1] if kept else ALWAYS
