"""Sending. A message is marked as on its way before it is handed over: a job that finds it so was killed in between,
and nobody knows whether it went, so people are asked instead of sending it twice.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from voronka.kernel import actor, clock

from .history import record_message
from .models import Message
from .ports import NotSent, Outgoing, channels

QUEUE = "messages"
#: Waits between tries.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@app.task(name="messages.send", queue=QUEUE)
def send(*, message: int) -> None:
    """Send one, once."""
    claimed = _claim(message)
    if claimed is None:
        return
    channel = channels().get(claimed.channel)
    try:
        if channel is None or not channel.is_set_up():
            raise NotSent(_("The channel is not set up any more."), permanent=True)
        given = Outgoing(id=claimed.pk, address=claimed.address, subject=claimed.subject, text=claimed.text)
        foreign_id = channel.send(given)
    except NotSent as error:
        _not_sent(claimed, error)
    else:
        _sent(claimed, foreign_id)


def _claim(message_id: int) -> Message | None:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",)).select_related("company").filter(pk=message_id).first()
        )
        if message is None or message.state not in (Message.State.QUEUED, Message.State.SENDING):
            return None
        if message.state == Message.State.SENDING:
            _fail(message, _("The worker was stopped while sending: nobody knows whether it went."))
            return None
        message.state, message.tries = Message.State.SENDING, message.tries + 1
        message.save(update_fields=["state", "tries"])
        return message


def _sent(message: Message, foreign_id: str) -> None:
    with transaction.atomic():
        message.state, message.sent_at, message.foreign_id = Message.State.SENT, clock.now(), foreign_id
        message.save(update_fields=["state", "sent_at", "foreign_id"])
        record_message("message.sent", message, _hand(message), message.company.audience)


def _not_sent(message: Message, error: NotSent) -> None:
    with transaction.atomic():
        if error.permanent or message.tries > len(PAUSES):
            _fail(message, error.why)
            return
        message.state, message.why = Message.State.QUEUED, error.why
        message.save(update_fields=["state", "why"])
        again = clock.now() + PAUSES[message.tries - 1]
        send.configure(schedule_at=again).defer(message=message.pk)


def _fail(message: Message, why: str) -> None:
    message.state, message.why = Message.State.FAILED, why
    message.save(update_fields=["state", "why"])
    record_message("message.failed", message, _hand(message), message.company.audience)


def _hand(message: Message) -> actor.Actor:
    """Whose word it is: the rule's that wrote it, or the system's."""
    hand = actor.system("messages")
    return hand.by_rule(message.rule) if message.rule else hand
