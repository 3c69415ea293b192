from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from voronka.deals.models import Deal
from voronka.kernel.access import EVERYTHING
from voronka.staff.models import Brand, Location, Person


class OfSource(models.QuerySet):
    """Rows of the ledger's side of the gate: for those who may see it, and only the sources of their brands."""

    path = ""

    def visible_to(self, who: Person) -> Self:
        if not who.may("see_ledger"):
            return self.none()
        if EVERYTHING in who.reach:
            return self
        brands = [int(token[2:]) for token in who.reach if token.startswith("b:") and token != "b:0"]
        return self.filter(Q(**{f"{self.path}brand": None}) | Q(**{f"{self.path}brand__in": brands}))


class EntryQuerySet(OfSource):
    path = "source__"


class Source(models.Model):
    """Where inquiries come from. `key` is the unguessable part of its address and never shown in logs.

    `profile` names the parser (`tilda`, `marquiz`, `form`, `json`, `manual` for those who walked in);
    `mapping` is {incoming field: our field};
    `origins` is the CORS allow-list; limits are deliveries a minute, per address and in all.
    """

    key = models.TextField(unique=True)
    title = models.TextField()
    profile = models.TextField()
    channel = models.TextField(default="site")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="sources")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="sources")
    mapping = models.JSONField(default=dict)
    origins = ArrayField(models.TextField(), default=list)
    honeypot = models.TextField(blank=True, default="website")
    per_address = models.PositiveIntegerField(default=60)
    per_source = models.PositiveIntegerField(default=1200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = OfSource.as_manager()

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """One delivery as it came, written and committed before it was acknowledged. Its end is one `account`.

    `delivery_key` says when two deliveries are the same; the database keeps it unique among the first ones.
    A database trigger wakes the drain when entries come in.
    """

    class Account(models.TextChoices):
        WAITING = "waiting", "waiting"
        FAILED = "failed", "failed"
        DEAL = "deal", "deal"
        ATTACHED = "attached", "attached"
        DUPLICATE = "duplicate", "duplicate"
        SPAM = "spam", "spam"
        REJECTED = "rejected", "rejected"

    source = models.ForeignKey(Source, models.PROTECT, related_name="entries")
    received_at = models.DateTimeField()
    remote_address = models.TextField(blank=True, default="")
    headers = models.JSONField(default=dict)
    query = models.TextField(blank=True, default="")
    content_type = models.TextField(blank=True, default="")
    body = models.BinaryField()
    delivery_key = models.TextField(null=True)  # noqa: DJ001  (no key is not a key that two share)
    account = models.TextField(choices=Account.choices, default=Account.WAITING)
    reason = models.TextField(blank=True, default="")
    parsed = models.JSONField(null=True)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, related_name="entries")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    settled_at = models.DateTimeField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "delivery_key"],
                condition=Q(duplicate_of=None) & ~Q(delivery_key=None),
                name="entry_delivery_once",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="entry_waiting", condition=Q(account="waiting")),
            models.Index(fields=["source", "-received_at", "-id"], name="entry_source_recent"),
            models.Index(F("received_at").desc(), F("id").desc(), name="entry_recent"),
            models.Index(fields=["account", "-received_at", "-id"], name="entry_account_recent"),
        ]


class Attempt(models.Model):
    """One try to settle an entry, and what came of it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.TextField()
    detail = models.TextField(blank=True, default="")
