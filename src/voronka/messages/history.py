"""What becomes of messages, told in the timelines of the deal and the client."""

from collections.abc import Sequence
from typing import Any

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, event_of, record
from voronka.kernel.models import Event

from .models import Message


def record_message(kind: str, message: Message, by: Actor, audience: Sequence[str]) -> None:
    record(kind, _refs(message, audience), by=by, data=_told(message))


def message_event(kind: str, message: Message, by: Actor, audience: Sequence[str]) -> Event:
    """The same, not written yet."""
    return event_of(kind, _refs(message, audience), by=by, data=_told(message))


def _refs(message: Message, audience: Sequence[str]) -> Refs:
    return Refs(deal=message.deal_id, company=message.company_id, audience=audience)


def _told(message: Message) -> dict[str, Any]:
    return {"message": message.pk, "channel": message.channel, "text": message.text, "why": message.why}
