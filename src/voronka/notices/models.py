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
    """One browser of one person. `endpoint_hash` is SHA-256 of the endpoint, hex. `server_key` is our public key
    it was made with: after a change of keys the browser must subscribe anew.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint_hash = models.CharField(max_length=64, unique=True)
    endpoint = models.TextField()
    p256dh = models.TextField()
    auth = models.TextField()
    server_key = models.TextField(default="")
    created_at = models.DateTimeField()


class ServerKey(models.Model):
    """The one pair of keys this installation signs its pushes with (VAPID), shared by all its hosts.

    `public` is the uncompressed point in base64url; `sealed` the private key under a key made of SECRET_KEY,
    so that a copy of the database alone signs nothing.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    public = models.TextField()
    sealed = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="server_key_is_one")]
