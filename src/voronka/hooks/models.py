from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from voronka.staff.models import Person


class Hook(models.Model):
    """An address that wants events. It is told what its `person` may see.

    The secret is made of `salt` and SECRET_KEY, so the base alone signs nothing. `failures` in a row since
    `failing_since` let it rest until `rests_until`; `stopped_at` with `stopped_why` switches it off.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="hooks")
    title = models.TextField()
    url = models.TextField()
    kinds = ArrayField(models.TextField())
    salt = models.CharField(max_length=43)
    created_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.TextField(default="")

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One event for one hook. `about` is the row it is about («deal:42»): those of one row go in order.

    `next_at` is the next try. `status` and `answer` are what the receiver, or the network, said last.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "failed"

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    event_id = models.BigIntegerField()
    about = models.TextField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event_id"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["hook", "about", "event_id"], name="delivery_order", condition=Q(state="waiting")),
            models.Index(fields=["hook", "state", "-id"], name="delivery_log"),
            models.Index(fields=["done_at"], name="delivery_age", condition=Q(done_at__isnull=False)),
        ]
