from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

_NOBODY = Value([], ArrayField(models.TextField()))


class FieldDef(models.Model):
    """A field declared by the process document or on screen; values live in the row's JSONB `fields`.

    Types are those of `deals.fields.TYPES`. `options` are [key, title] of the choices that are offered;
    `retired_options` those that are not, kept to tell old values. `seen_by` and `edited_by` are keys of roles,
    empty: everybody. `owner`: who wrote it last; the document leaves alone what was changed on screen.
    """

    class Owner(models.TextChoices):
        PROCESS = "process", "process"
        SCREEN = "screen", "screen"

    entity = models.TextField(default="deal")
    key = models.TextField()
    title = models.TextField()
    type = models.TextField()
    options = models.JSONField(default=list)
    retired_options = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    group = models.TextField(blank=True, default="")
    unit = models.TextField(blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    seen_by = ArrayField(models.TextField(), default=list, db_default=_NOBODY)
    edited_by = ArrayField(models.TextField(), default=list, db_default=_NOBODY)
    owner = models.TextField(choices=Owner.choices, default=Owner.PROCESS, db_default=Owner.PROCESS)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["entity", "key"], name="field_key_once")]
        indexes = [models.Index(fields=["entity"], name="field_active", condition=Q(is_active=True))]

    def __str__(self) -> str:
        return self.title
