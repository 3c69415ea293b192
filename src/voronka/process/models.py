from django.db import models
from django.db.models import Q

from voronka.deals.models import Deal, Passage
from voronka.staff.models import Person


class Version(models.Model):
    """A state of the process document as people wrote it (YAML). One is active."""

    document = models.TextField()
    comment = models.TextField(blank=True, default="")
    author_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="version_one_active")
        ]


class Firing(models.Model):
    """A timed rule fired for a stay at a stage, the `turn`-th time. The constraint is what makes it once."""

    rule = models.TextField()
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="+")
    turn = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "passage", "turn"], name="firing_once")]


class BrokenRule(models.Model):
    """A rule set aside because it raised; shown as an alarm, switched on again by people."""

    rule = models.TextField(unique=True)
    error = models.TextField()
    broken_at = models.DateTimeField()


class Pick(models.Model):
    """Whom a rule that goes in turn chose last, and when."""

    rule = models.TextField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    picked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "person"], name="pick_once")]
