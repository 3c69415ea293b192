"""What became of a message on its way: written by the sender, in a transaction of its own."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from voronka.channels.models import Connection
from voronka.channels.port import NotSent
from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor, ActorKind

from .. import rules
from ..models import Line, Message
from ._rows import facts_of, locked, refresh, tell

State = Message.State


def note_sent(message_id: int, foreign_id: str) -> None:
    """The channel has it. A later state may have been told before this is written; it stays."""
    with transaction.atomic():
        message = _claimed(message_id)
        if message is None:
            return
        message.state, message.foreign_id, message.sent_at, message.why = State.SENT, foreign_id, clock.now(), ""
        message.save(update_fields=["state", "foreign_id", "sent_at", "why"])
        _tell("message.sent", message)


def note_failure(message_id: int, error: NotSent) -> None:
    """Tried again while that makes sense; else it failed, and people may repeat it."""
    with transaction.atomic():
        message = _claimed(message_id)
        if message is None:
            return
        if error.barred:
            Line.objects.filter(pk=message.line_id or 0, barred_at=None).update(barred_at=clock.now())
        wait = None if error.permanent else rules.pause(message.tries, error.after)
        if error.everywhere and wait is not None and message.line is not None:
            _pause_connection(message.line.connection, error, wait.total_seconds())
        message.why = error.why[:500]
        if wait is not None:
            message.state, message.due_at = State.QUEUED, clock.now() + wait
            message.save(update_fields=["state", "due_at", "why"])
            return
        message.state, message.permanent = State.FAILED, error.permanent
        message.save(update_fields=["state", "permanent", "why"])
        _tell("message.failed", message)


def note_unknown(message_id: int) -> None:
    """Nobody knows whether it went: people are asked. A person's own word is `actions.retry` and `actions.confirm`."""
    with transaction.atomic():
        message = _claimed(message_id)
        if message is None:
            return
        message.state = State.UNKNOWN
        message.why = _("The line broke while it was being sent: nobody knows whether it arrived.")
        message.save(update_fields=["state", "why"])
        _tell("message.unknown", message)


def send_again(message_id: int) -> None:
    """It surely has not gone, or the channel takes a repeat for one."""
    Message.objects.filter(pk=message_id, state=State.SENDING).update(state=State.QUEUED, due_at=clock.now())


def _claimed(message_id: int) -> Message | None:
    """The message, locked, if it is still on its way."""
    company = Message.objects.filter(pk=message_id).values_list("company_id", flat=True).first()
    if company is None:
        return None
    locked(company)
    found = Message.objects.select_for_update(of=("self",)).select_related(
        "line__connection__source", "deal", "company"
    )
    return found.filter(Q(state=State.SENDING) | Q(state=State.UNKNOWN, foreign_id=""), pk=message_id).first()


def _pause_connection(connection: Connection, error: NotSent, seconds: float) -> None:
    now = clock.now()
    connection.paused_until = now + rules.pause(1, seconds)  # type: ignore[operator]
    connection.trouble, connection.trouble_at = error.why[:500], connection.trouble_at or now
    connection.save(update_fields=["paused_until", "trouble", "trouble_at"])


def _tell(kind: str, message: Message) -> None:
    row = refresh(locked(message.company_id), message.deal)
    tell(kind, row, _hand(message), {**facts_of(message), "why": message.why}, deal=message.deal)


def _hand(message: Message) -> Actor:
    """Whose word it is: a person's, a rule's."""
    hand = actor.system("conversations")
    if message.rule:
        return hand.by_rule(message.rule)
    return Actor(kind=ActorKind.PERSON, person_id=message.author_id) if message.author_id else hand
