from django.db import models
from django.db.models import Q

from voronka.clients.models import Company
from voronka.kernel.access import Gated
from voronka.staff.models import Person


class TaskKind(models.Model):
    """Declared by the process document: «Позвонить», «Обработать заявку» … `icon` is a name in the sprite."""

    key = models.TextField(unique=True)
    title = models.TextField()
    icon = models.TextField(default="checkbox")
    result_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class Task(Gated):
    """One thing to do. Without a responsible it waits for whoever takes the deal."""

    kind = models.ForeignKey(TaskKind, models.PROTECT, related_name="tasks")
    title = models.TextField()
    deal = models.ForeignKey("deals.Deal", models.CASCADE, null=True, blank=True, related_name="tasks")
    company = models.ForeignKey(Company, models.CASCADE, null=True, blank=True, related_name="tasks")
    responsible = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField()
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
        ]

    def __str__(self) -> str:
        return self.title
