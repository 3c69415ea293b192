from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from voronka.channels.port import PartKind
from voronka.clients.models import Company, Note, OfCompany
from voronka.kernel.models import Attachment
from voronka.staff.models import Person

from .line import Line

MESSAGES_IN_A_BUNDLE = 50_000


def message_words() -> Func:
    """Words of a message without their endings, as the full-text index holds them."""
    return Func(F("text"), template="to_tsvector('russian', %(expressions)s)", output_field=SearchVectorField())


def message_age() -> Func:
    """Messages in bundles of the order in which they came, so that the last ones are searched first."""
    return Func(F("id"), template=f"(%(expressions)s / {MESSAGES_IN_A_BUNDLE})", output_field=models.BigIntegerField())


class Message(models.Model):
    """One thing of the thread, in the order (`at`, `turn`, `id`): the channel's own, whatever order things came in.

    `way`: in, out, a note among colleagues, or a `word` about the conversation, told by `facts`. `foreign_id` is the
    channel's own number, unique in the line; `reply_to` that of the message it answers. `due_at`: when it is to go.
    `why`: what hinders it, in words. `reactions` are the client's. `rule`: key of the rule that wrote it.
    """

    class Way(models.TextChoices):
        IN = "in", "in"
        OUT = "out", "out"
        NOTE = "note", "note"
        WORD = "word", "word"

    class State(models.TextChoices):
        HERE = "here", "here"
        QUEUED = "queued", "queued"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        DELIVERED = "delivered", "delivered"
        READ = "read", "read"
        FAILED = "failed", "failed"
        UNKNOWN = "unknown", "unknown"
        CANCELLED = "cancelled", "cancelled"

    #: States of what goes or has gone: it counts as our answer.
    GOING = (State.QUEUED, State.SENDING, State.SENT, State.DELIVERED, State.READ, State.UNKNOWN)
    GONE = (State.SENT, State.DELIVERED, State.READ)

    company = models.ForeignKey(Company, models.CASCADE, related_name="said", db_index=False)
    line = models.ForeignKey(Line, models.CASCADE, null=True, related_name="messages", db_index=False)
    deal = models.ForeignKey("deals.Deal", models.SET_NULL, null=True, related_name="said", db_index=False)
    way = models.TextField(choices=Way.choices)
    state = models.TextField(choices=State.choices, default=State.HERE)
    at = models.DateTimeField()
    turn = models.BigIntegerField(default=0)
    text = models.TextField(blank=True, default="")
    foreign_id = models.TextField(blank=True, default="")
    reply_to = models.TextField(blank=True, default="")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    rule = models.TextField(blank=True, default="")
    note = models.ForeignKey(Note, models.CASCADE, null=True, related_name="+", db_index=False)
    facts = models.JSONField(default=dict)
    reactions = models.JSONField(default=list)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    permanent = models.BooleanField(default=False)
    why = models.TextField(blank=True, default="")

    objects = OfCompany.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "foreign_id"], condition=~Q(foreign_id=""), name="message_once")
        ]
        indexes = [
            models.Index(F("company"), F("at").desc(), F("turn").desc(), F("id").desc(), name="message_thread"),
            models.Index(fields=["due_at", "id"], name="message_due", condition=Q(state="queued")),
            models.Index(
                fields=["line", "due_at", "id"], name="message_going", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(fields=["claimed_at"], name="message_claimed", condition=Q(state="sending")),
            models.Index(fields=["note"], name="message_note", condition=~Q(note=None)),
            GinIndex(message_words(), message_age(), name="message_words_by_age", condition=~Q(text="")),
        ]


class Part(models.Model):
    """A file, a place, a contact of a message. A file of the client is fetched by its `ref` after it came: `attachment`
    is it once it is here, `why` says why it can't be. A file of ours is here from the start.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="parts")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in PartKind])
    ref = models.TextField(blank=True, default="")
    title = models.TextField(blank=True, default="")
    content_type = models.TextField(blank=True, default="")
    size = models.BigIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.TextField(blank=True, default="")
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    why = models.TextField(blank=True, default="")
