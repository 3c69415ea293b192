"""Writes about messages. `write` runs inside the transaction of what wants it said."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Company, Contact
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor, ActorKind
from voronka.kernel.errors import Refusal

from . import jobs, queries
from .history import record_message
from .models import Message


@dataclass(frozen=True, kw_only=True)
class Whom:
    """The client to whom, the contact first; `deal_id` is what it is about, `audience` who may see that it goes."""

    company: Company
    contact: Contact | None = None
    deal_id: int | None = None
    audience: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What came of several messages: how many were done, and why how many were not."""

    done: int
    refused: Mapping[str, int]


def write(
    whom: Whom,
    *,
    by: Actor,
    text: str,
    subject: str = "",
    channels: Sequence[str],
    due_at: datetime | None = None,
    hold: str = "",
) -> Message:
    """Write a message and queue its sending. `channels` in order of preference, «last» is the client's last one.

    `hold`: why it must wait for people instead. Whom no channel reaches gets it held, too.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is written outside a transaction")
    way = queries.way_to(whom.company, whom.contact, channels)
    why = hold or ("" if way else _("No channel that is set up reaches this client."))
    message = Message.objects.create(
        company=whom.company,
        contact=way.contact if way else whom.contact,
        deal_id=whom.deal_id,
        channel=way.channel if way else "",
        address=way.address if way else "",
        subject=subject,
        text=text,
        state=Message.State.HELD if why else Message.State.QUEUED,
        why=why,
        rule=by.why if by.kind == ActorKind.RULE else "",
        written_by_id=by.person_id,
        created_at=clock.now(),
        due_at=due_at or clock.now(),
    )
    record_message("message.held" if why else "message.written", message, by, whom.audience)
    if not why:
        jobs.send.defer(message=message.pk)
    return message


def release(message_id: int, *, by: Actor) -> Message:
    """Send one that was held or failed after all, by a channel that reaches the client now. Raises Refusal."""
    with transaction.atomic():
        message = _locked(message_id, by)
        way = queries.way_to(message.company, message.contact, [message.channel or "last", *queries.set_up()])
        if way is None:
            raise Refusal(_("No channel that is set up reaches this client."), rule="channel")
        message.channel, message.address, message.contact = way.channel, way.address, way.contact
        message.state, message.why, message.tries = Message.State.QUEUED, "", 0
        message.save(update_fields=["channel", "address", "contact", "state", "why", "tries"])
        record_message("message.written", message, by, message.company.audience)
        jobs.send.defer(message=message.pk)
    return message


def drop(message_id: int, *, by: Actor) -> Message:
    """It is not to be sent any more."""
    with transaction.atomic():
        message = _locked(message_id, by)
        message.state = Message.State.DROPPED
        message.save(update_fields=["state"])
        record_message("message.dropped", message, by, message.company.audience)
    return message


def settle(message_ids: Iterable[int], *, send: bool, by: Actor) -> Settled:
    """Send or drop several, each by itself: what can't be done to one does not keep the others."""
    act, done, refused = (release if send else drop), 0, Counter[str]()
    for message_id in message_ids:
        try:
            act(message_id, by=by)
            done += 1
        except Refusal as refusal:
            refused[refusal.reason] += 1
    return Settled(done=done, refused=refused)


def _locked(message_id: int, by: Actor) -> Message:
    if not by.may("release_messages"):
        raise Refusal(_("Your role may not decide on messages that wait."), rule="role")
    message = Message.objects.select_for_update(of=("self",)).select_related("company").filter(pk=message_id).first()
    if message is None:
        raise Refusal(_("This message is gone."), rule="state")
    if by.reach is not None and not access.sees(by.reach, message.company.audience):
        raise Refusal(_("This client is not yours."))
    if message.state not in (Message.State.HELD, Message.State.FAILED):
        raise Refusal(_("This message is on its way already."), rule="state")
    return message
