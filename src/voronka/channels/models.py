from datetime import datetime

from django.conf import settings
from django.db import models

from voronka.kernel import clock, shelf
from voronka.kernel.sealing import seal, unseal

from . import registry
from .port import Account, Channel

_PURPOSE = "voronka.channels"


class Connection(models.Model):
    """One account of ours in a channel: this bot, this mailbox. Its `source` says where in the ledger what comes is
    kept, and whose brand and location it is.

    `sealed` are its secrets. `receives`: whether the channel posts to us or is polled from `cursor`. A client waits at
    most `answer_minutes` of working time. `paced_until`: the moment up to which its pace is used; nothing goes before
    `paused_until`. `trouble`: what people must mend, in words.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        ON = "on", "on"
        OFF = "off", "off"

    class Receives(models.TextChoices):
        WEBHOOK = "webhook", "webhook"
        POLL = "poll", "poll"

    source = models.OneToOneField("intake.Source", models.PROTECT, related_name="connection")
    kind = models.TextField()
    title = models.TextField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    receives = models.TextField(choices=Receives.choices, default=Receives.WEBHOOK)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    answer_minutes = models.PositiveIntegerField(default=5)
    cursor = models.TextField(blank=True, default="")
    polled_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    paced_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    trouble_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title

    @property
    def channel(self) -> Channel:
        return registry.channel(self.kind)

    @property
    def secrets(self) -> dict[str, str]:
        return unseal(self.sealed, purpose=_PURPOSE)

    @secrets.setter
    def secrets(self, secrets: dict[str, str]) -> None:
        self.sealed = seal(secrets, purpose=_PURPOSE)

    @property
    def account(self) -> Account:
        address = self.address if self.receives == self.Receives.WEBHOOK else ""
        return Account(id=self.pk, settings=self.settings, secrets=self.secrets, address=address)

    @property
    def address(self) -> str:
        """Where its channel posts to; «» when nobody has said how this installation is reached from outside."""
        base = settings.BASE_URL.rstrip("/")
        return f"{base}/in/{self.source.key}" if base else ""

    def is_paused(self, now: datetime | None = None) -> bool:
        return self.paused_until is not None and self.paused_until > (now or clock.now())


#: Connections at work by id. What changes with every message (pace, trouble) is not to be read from these.
open_connections = shelf.rows(lambda: Connection.objects.filter(state=Connection.State.ON).order_by("pk"), Connection)


def account_of(connection_id: int, kept: dict[str, str], sealed: str) -> Account:
    """An account for reading what came: by whoever has read the row by hand."""
    return Account(id=connection_id, settings=kept, secrets=unseal(sealed, purpose=_PURPOSE))
