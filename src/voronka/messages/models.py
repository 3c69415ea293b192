from django.db import models
from django.db.models import Q

from voronka.clients.models import Company, Contact, OfCompany
from voronka.staff.models import Person


class Message(models.Model):
    """One message on its way to a client.

    `channel` is a key of `messages.channels`, `address` what it was sent to. `due_at`: the moment it belongs to.
    `held` waits for people: its moment was long past, or no channel reaches the client; `why` says it in words.
    A `draft` lies in its deal until a person sends it; see `messages.drafts`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        QUEUED = "queued", "queued"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        HELD = "held", "held"
        DROPPED = "dropped", "dropped"

    company = models.ForeignKey(Company, models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    deal = models.ForeignKey("deals.Deal", models.SET_NULL, null=True, related_name="messages")
    channel = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    subject = models.TextField(blank=True, default="")
    text = models.TextField()
    state = models.TextField(choices=State.choices, default=State.QUEUED)
    why = models.TextField(blank=True, default="")
    rule = models.TextField(blank=True, default="")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    foreign_id = models.TextField(blank=True, default="")

    objects = OfCompany.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="message_held", condition=Q(state__in=["held", "failed"])),
        ]
