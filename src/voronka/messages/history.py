"""What becomes of messages, told in the timelines of the deal and the client."""

from collections.abc import Sequence

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record

from .models import Message


def record_message(kind: str, message: Message, by: Actor, audience: Sequence[str]) -> None:
    data = {"message": message.pk, "channel": message.channel, "text": message.text, "why": message.why}
    refs = Refs(deal=message.deal_id, company=message.company_id, audience=audience)
    record(kind, refs, by=by, data=data)
