from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from voronka.clients.models import Company, OfCompany
from voronka.kernel.access import GatedQuerySet
from voronka.staff.models import Brand, Location, Person


class Conversation(models.Model):
    """A client's row of the inbox; there is one once anything was said. Everything lists ask stands in it.

    `audience`: the client's and the seat of who took it; a database trigger carries the client's over. `answered_at`:
    the last answer of ours, `settled_at`: up to when somebody said that none is needed; `unanswered_since`: the first
    message after both; `answer_due_at`: until when it is to be answered. `last_*`: the last message, by `channel`.
    `unread`: messages since `read_at`, when somebody of ours looked.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="conversations")
    audience = ArrayField(models.TextField(), default=list, editable=False)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    channel = models.TextField(blank=True, default="")
    last_at = models.DateTimeField()
    last_text = models.TextField(blank=True, default="")
    last_way = models.TextField(blank=True, default="")
    last_state = models.TextField(blank=True, default="")
    last_author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    last_rule = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    unanswered_since = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="conversations")
    taken_seat = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = GatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company"], name="conversation_once")]
        indexes = [
            GinIndex(fields=["audience"], name="conversation_audience"),
            models.Index(F("last_at").desc(), F("id").desc(), name="conversation_recent", condition=Q(closed_at=None)),
            models.Index(
                F("closed_at").desc(), F("id").desc(), name="conversation_closed", condition=~Q(closed_at=None)
            ),
            models.Index(
                fields=["unanswered_since", "id"], name="conversation_unanswered", condition=~Q(unanswered_since=None)
            ),
            models.Index(
                F("taken_by"),
                F("last_at").desc(),
                F("id").desc(),
                name="conversation_mine",
                condition=Q(closed_at=None),
            ),
            models.Index(
                F("channel"),
                F("last_at").desc(),
                F("id").desc(),
                name="conversation_channel",
                condition=Q(closed_at=None),
            ),
            models.Index(
                F("location"),
                F("last_at").desc(),
                F("id").desc(),
                name="conversation_place",
                condition=Q(closed_at=None),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Draft(models.Model):
    """What somebody has begun to write to a client and not sent: found again on any device."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    line = models.TextField(blank=True, default="")
    text = models.TextField()
    saved_at = models.DateTimeField()

    objects = OfCompany.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "person"], name="draft_once")]


class QuickReply(models.Model):
    """An answer that is given often, by «/» and its key; `{…}` in it is filled from the card. Without an owner it is
    everybody's."""

    owner = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="quick_replies")
    key = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "quick replies"
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], nulls_distinct=False, name="quick_reply_key_once")
        ]
        ordering = ("key", "id")
