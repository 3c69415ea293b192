"""Reading tasks: what a row of a list shows in one query, the parts of the open list by deadline, and keyset order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from voronka.kernel import clock, shelf
from voronka.kernel.access import Reach

from .models import Task, TaskKind

#: Every kind by id, those no longer offered too.
kinds = shelf.rows(lambda: TaskKind.objects.order_by("position", "id"), TaskKind)

#: Order of the open list: nearest deadline first; of the done one: last done first.
OPEN_ORDER = ("due_at", "id")
DONE_ORDER = ("-done_at", "-id")


def visible(who: Reach) -> QuerySet[Task]:
    """Tasks that come through the gate, with everything a row of a list names."""
    return Task.objects.visible_to(who).select_related(
        "kind", "company", "responsible", "deal__company", "deal__stage", "deal__contact"
    )


@dataclass(frozen=True)
class Days:
    """Edges of the open list, as the person's calendar has them: now, midnights of tomorrow and of the day after."""

    now: datetime
    tomorrow: datetime
    after_tomorrow: datetime

    @classmethod
    def of(cls, zone: ZoneInfo) -> "Days":
        now = clock.now()
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        # Adding a calendar day in the zone itself keeps the edge at midnight when clocks change.
        return cls(now, midnight + timedelta(days=1), midnight + timedelta(days=2))

    def part(self, due_at: datetime) -> str:
        """«late», «today», «tomorrow» or «later»."""
        if due_at < self.now:
            return "late"
        if due_at < self.tomorrow:
            return "today"
        return "tomorrow" if due_at < self.after_tomorrow else "later"

    def within(self, part: str) -> Q:
        """The same parts as conditions, for counting and filtering."""
        return {
            "late": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lt=self.tomorrow),
            "tomorrow": Q(due_at__gte=self.tomorrow, due_at__lt=self.after_tomorrow),
            "later": Q(due_at__gte=self.after_tomorrow),
        }[part]


PARTS = ("late", "today", "tomorrow", "later")


def count_parts(tasks: QuerySet[Task], days: Days) -> dict[str, int]:
    """How many open tasks there are in each part. One query."""
    return tasks.order_by().aggregate(**{part: Count("id", filter=days.within(part)) for part in PARTS})


def open_tasks(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.filter(done_at=None)


def done_tasks(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Really done: what was cancelled is closed, not done."""
    return tasks.filter(done_at__isnull=False, cancelled=False)


def page(tasks: QuerySet[Task], *, done: bool, after: tuple[datetime, int] | None, size: int) -> list[Task]:
    """The next `size` rows (and one more, if there is one) after the row with that moment and id."""
    if done:
        found = done_tasks(tasks).order_by(*DONE_ORDER)
        if after:
            found = found.filter(done_at__lte=after[0]).exclude(done_at=after[0], id__gte=after[1])
    else:
        found = open_tasks(tasks).order_by(*OPEN_ORDER)
        if after:
            found = found.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1])
    return list(found[: size + 1])
