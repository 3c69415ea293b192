from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Company
from voronka.kernel.access import Gated
from voronka.kernel.events import Refs
from voronka.staff.models import Person


class TaskKind(models.Model):
    """«Позвонить», «Встреча» …: declared by the process document or on screen. `icon` is a name in the sprite.

    `minutes`: how long such a task takes; `remind_before`: minutes before its time to remind, None for not at all.
    `is_edited`: changed on screen, so the document no longer writes over it.
    """

    key = models.TextField(unique=True)
    title = models.TextField()
    icon = models.TextField(default="checkbox")
    result_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=30, db_default=30)
    remind_before = models.PositiveIntegerField(null=True)
    is_active = models.BooleanField(default=True, db_default=True)
    is_edited = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.title


class Series(models.Model):
    """A task that comes again. What the coming ones are made of, and when.

    `rule` is an RRULE counted from `starts_at` by the clock of `time_zone`. `turn_at` is the planned moment of the
    latest task made; when that one is done or its moment comes, the next is made.
    """

    rule = models.TextField()
    starts_at = models.DateTimeField()
    time_zone = models.TextField()
    turn_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    kind = models.ForeignKey(TaskKind, models.PROTECT, related_name="+")
    title = models.TextField()
    responsible = models.ForeignKey(Person, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    remind_before = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["turn_at"], name="series_turn", condition=Q(ended_at=None))]


class Task(Gated):
    """One thing to do. Without a responsible it waits for whoever takes the deal.

    `due_at` is when it is to be done, `minutes` how long it takes from then. `remind_at` is emptied by the reminder.
    A task of a series keeps in `occurs_at` the moment the series had planned, wherever it was moved since.
    """

    kind = models.ForeignKey(TaskKind, models.PROTECT, related_name="tasks")
    title = models.TextField()
    deal = models.ForeignKey("deals.Deal", models.CASCADE, null=True, blank=True, related_name="tasks")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="tasks")
    responsible = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30, db_default=30)
    remind_before = models.PositiveIntegerField(null=True)
    remind_at = models.DateTimeField(null=True)
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="tasks")
    occurs_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rule = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    result = models.TextField(blank=True, default="")
    cancelled = models.BooleanField(default=False)

    class Meta(Gated.Meta):
        indexes = [
            *Gated.Meta.indexes,
            models.Index(fields=["responsible", "due_at", "id"], name="task_open_mine", condition=Q(done_at=None)),
            models.Index(fields=["due_at", "id"], name="task_open_due", condition=Q(done_at=None)),
            models.Index(fields=["done_by", "-done_at"], name="task_done_by", condition=~Q(done_at=None)),
            models.Index(fields=["responsible", "due_at"], name="task_calendar"),
            models.Index(fields=["remind_at"], name="task_remind", condition=Q(done_at=None, remind_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "occurs_at"], name="task_turn_once", condition=~Q(series=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def refs(self) -> Refs:
        """What its events are about."""
        return Refs(deal=self.deal_id, company=self.company_id, task=self.pk, audience=self.audience)

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of it tells."""
        return {"title": self.title, "kind": self.kind.key, "due_at": self.due_at.isoformat(), "rule": self.rule}


class CalendarLink(models.Model):
    """The secret address of a person's calendar for other programs; only a digest of the secret is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_link")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
