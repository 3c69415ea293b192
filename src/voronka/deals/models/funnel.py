from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value

_NONE = Value([], ArrayField(models.TextField()))


class Funnel(models.Model):
    """A way that deals go. Written by the process document only.

    `next_step`: the task {kind, title, due} of a card that was left without one, where a next step is required.
    """

    class Kind(models.TextChoices):
        SALES = "sales", "sales"
        QUALIFICATION = "qualification", "qualification"
        SERVICE = "service", "service"

    key = models.TextField(unique=True)
    title = models.TextField()
    kind = models.TextField(choices=Kind.choices, default=Kind.SALES)
    position = models.PositiveSmallIntegerField(default=0)
    only_forward = models.BooleanField(default=False)
    no_skipping = models.BooleanField(default=False)
    next_step_required = models.BooleanField(default=False)
    next_step = models.JSONField(null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """A step of a funnel. What it means is `meaning`, never its name.

    `limit_minutes`: how long a deal may stay by the wall; `limit` is the same as `deals.limits` counts it, in working
    time. `goal`: that limit in words for people; `required`: field keys that must be filled to enter; `may_enter` and
    `approver`: roles that bring deals here, and whose word others need; `derived`: deals come here by what is filled
    in, not by hand; `hint`: help of this stage shown in the card. `wip_limit`: how many deals may be here at once,
    altogether or in one pair of hands (`wip_per`); a move over it is told, or refused where it is `wip_enforced`.
    """

    class Meaning(models.TextChoices):
        UNSORTED = "unsorted", "unsorted"
        OPEN = "open", "open"
        WON = "won", "won"
        LOST = "lost", "lost"

    class WipPer(models.TextChoices):
        STAGE = "stage", "stage"
        RESPONSIBLE = "responsible", "responsible"

    funnel = models.ForeignKey(Funnel, models.CASCADE, related_name="stages")
    key = models.TextField()
    title = models.TextField()
    meaning = models.TextField(choices=Meaning.choices, default=Meaning.OPEN)
    position = models.PositiveSmallIntegerField()
    limit_minutes = models.PositiveIntegerField(null=True)
    limit = models.JSONField(null=True)
    goal = models.TextField(blank=True, default="")
    required = ArrayField(models.TextField(), default=list)
    may_enter = ArrayField(models.TextField(), default=list, db_default=_NONE)
    approver = models.TextField(blank=True, default="", db_default="")
    derived = models.BooleanField(default=False, db_default=False)
    hint = models.TextField(blank=True, default="")
    wip_limit = models.PositiveSmallIntegerField(null=True)
    wip_per = models.TextField(choices=WipPer.choices, default=WipPer.STAGE, db_default=WipPer.STAGE)
    wip_enforced = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["funnel_id", "position"]
        constraints = [models.UniqueConstraint(fields=["funnel", "key"], name="stage_key_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closing(self) -> bool:
        return self.meaning in (self.Meaning.WON, self.Meaning.LOST)


class LossReason(models.Model):
    funnel = models.ForeignKey(Funnel, models.CASCADE, related_name="loss_reasons")
    key = models.TextField()
    title = models.TextField()
    comment_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["funnel", "key"], name="loss_reason_key_once")]

    def __str__(self) -> str:
        return self.title
