from django.db import models
from django.db.models import Q

from voronka.staff.models import Person

from .deal import Deal, OfDeal
from .funnel import LossReason, Stage


class Approval(models.Model):
    """A move that waits for the word of a head; what its dialog asked for is written in the deal already.

    One may wait in a deal. `approved` is None while nobody has decided, and for ever when the deal went on meanwhile.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="approvals")
    to = models.ForeignKey(Stage, models.CASCADE, related_name="+")
    approver = models.TextField()
    loss_reason = models.ForeignKey(LossReason, models.PROTECT, null=True, related_name="+")
    loss_comment = models.TextField(default="")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    comment = models.TextField(default="")

    objects = OfDeal.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(decided_at=None), name="approval_one_waits"),
        ]
