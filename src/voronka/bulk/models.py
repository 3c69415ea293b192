from django.db import models

from voronka.deals.models import Deal
from voronka.staff.models import Person


class Act(models.Model):
    """One thing done to many deals. `title` says it in the words of whoever asked; `arguments` are its kind's own."""

    class State(models.TextChoices):
        RUNNING = "running", "running"
        STOPPED = "stopped", "stopped"
        DONE = "done", "done"
        UNDOING = "undoing", "undoing"
        UNDONE = "undone", "undone"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.TextField()
    arguments = models.JSONField(default=dict)
    title = models.TextField()
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="bulk_act_person")]

    def __str__(self) -> str:
        return self.title


class Row(models.Model):
    """One deal of an act. `was`: what undo puts back; `mark`: digest of the deal as the act left it, so that undo
    tells whether anybody has worked on it since. `reason`: why it stayed, or why it could not be taken back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        SAME = "same", "nothing to change"
        REFUSED = "refused", "refused"
        UNDONE = "undone", "taken back"
        KEPT = "kept", "changed since"

    act = models.ForeignKey(Act, models.CASCADE, related_name="rows")
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True, default="")
    was = models.JSONField(null=True)
    mark = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "deal"], name="bulk_row_once")]
        indexes = [models.Index(fields=["act", "state", "deal"], name="bulk_row_state")]
