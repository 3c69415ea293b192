from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Installation(models.Model):
    """The one row of this installation; its presence closes the first-run page."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    company_name = models.TextField()
    preset = models.TextField()
    time_zone = models.TextField(default="Europe/Moscow")
    currency = models.CharField(max_length=3, default="RUB")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_is_one")]


class Event(models.Model):
    """One thing that happened: who, when, why, old and new. Append-only: the application may not change it.

    References are plain ids: the kernel knows no one above it. `data` holds what the kind needs,
    for changes `{"changes": {field: [old, new]}}`. A database trigger tells live listeners.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    by_kind = models.TextField()
    person_id = models.BigIntegerField(null=True)
    why = models.TextField(default="")
    depth = models.PositiveSmallIntegerField(default=0)
    deal_id = models.BigIntegerField(null=True)
    company_id = models.BigIntegerField(null=True)
    task_id = models.BigIntegerField(null=True)
    funnel_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    audience = ArrayField(models.TextField(), default=list)
    #: See `events.record`; not kept.
    subject: models.Model | None = None

    class Meta:
        indexes = [
            models.Index(fields=["deal_id", "id"], name="event_deal", condition=Q(deal_id__isnull=False)),
            models.Index(fields=["company_id", "id"], name="event_company", condition=Q(company_id__isnull=False)),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            models.Index(fields=["person_id", "at"], name="event_person_at", condition=Q(person_id__isnull=False)),
        ]


class Attachment(models.Model):
    """A stored file; seen by whoever sees the deal or the client it hangs on.

    `field` is the key of the field it was put into: whoever may not see the field doesn't see the file either.
    """

    name = models.TextField()
    content_type = models.TextField()
    size = models.BigIntegerField()
    file = models.FileField(upload_to="attachments/%Y/%m/")
    deal_id = models.BigIntegerField(null=True, db_index=True)
    company_id = models.BigIntegerField(null=True, db_index=True)
    person_id = models.BigIntegerField(null=True)
    field = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="attachment_name_trgm")]


class Sending(models.Model):
    """A thing a device has sent and we have done: `key` is the device's own name for it. See `kernel.once`."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="sending_once")]
