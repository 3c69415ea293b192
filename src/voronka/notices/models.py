from django.db import models
from django.db.models import Q

from voronka.staff.models import Person


class Notice(models.Model):
    """Something one person must know. `key` collapses repeats: the same key updates the unread notice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.TextField()
    key = models.TextField()
    title = models.TextField()
    body = models.TextField(blank=True, default="")
    url = models.TextField()
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=Q(read_at=None), name="notice_unread_once")
        ]
        indexes = [models.Index(fields=["person", "-created_at", "-id"], name="notice_recent")]


class PushSubscription(models.Model):
    """One browser of one person. `endpoint_hash` is SHA-256 of the endpoint, hex."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint_hash = models.CharField(max_length=64, unique=True)
    endpoint = models.TextField()
    p256dh = models.TextField()
    auth = models.TextField()
    created_at = models.DateTimeField()
