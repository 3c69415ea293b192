from django.db import models
from django.db.models import Q

from voronka.staff.models import Person


class Notice(models.Model):
    """Something one person must know. `key` collapses repeats: the same key updates the unread notice.

    `heading` names what it has in common with others of its kind, which collapse under it when they are many.
    `on_page`: shown in the bell; otherwise it is only pushed or mailed. `pushed_at`, `mailed_at`: when it has been.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.TextField()
    key = models.TextField()
    title = models.TextField()
    body = models.TextField(blank=True, default="")
    heading = models.TextField(blank=True, default="", db_default="")
    url = models.TextField()
    on_page = models.BooleanField(default=True, db_default=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=Q(read_at=None), name="notice_unread_once")
        ]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notice_recent"),
            models.Index(fields=["url"], name="notice_unread_url", condition=Q(read_at=None)),
        ]

    @property
    def group(self) -> str:
        return self.heading or self.kind

    @property
    def is_read(self) -> bool:
        return self.read_at is not None


class Hours(models.Model):
    """When a person wants no push and no letter. Without a row: at any time, on shift only where shifts are planned.

    `quiet_from` and `quiet_till` are on the person's clock; both or none. `urgent_anyway`: what cannot wait comes
    in quiet hours too.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="notice_hours")
    quiet_from = models.TimeField(null=True)
    quiet_till = models.TimeField(null=True)
    urgent_anyway = models.BooleanField(default=True)
    on_shift_only = models.BooleanField(default=True)


class Choice(models.Model):
    """Where a person wants notices of one kind (see `kinds`). Without a row: in the bell and by push."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_choices")
    kind = models.TextField()
    page = models.BooleanField(default=True)
    push = models.BooleanField(default=True)
    email = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notice_choice_once")]


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
