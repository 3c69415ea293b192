"""Deliveries of a channel's connection. They are verified before they are kept, and settled as conversations; see
`intake.actions.settle_channel`. As inquiries they are read only to show people what came."""

import json
from collections.abc import Mapping
from typing import Any

from voronka.channels import registry
from voronka.channels.port import Answer, Channel, Said, Unreadable
from voronka.kernel import phone

from ..bodies import BodyError
from ..delivery import Delivery
from ..inquiry import Inquiry
from .port import NotAnInquiry, Receipt, Reply


class ChannelProfile:
    """`addressed` is false: such a source is made by connecting its channel, not by hand."""

    addressed = False

    def __init__(self, key: str) -> None:
        self.key = key
        self.title = str(self.channel.title)

    @property
    def channel(self) -> Channel:
        return registry.channel(self.key)

    def delivery_key(self, delivery: Delivery) -> str | None:
        try:
            return self.channel.delivery_key(delivery)
        except Unreadable as error:
            raise BodyError(str(error)) from error

    def refusal(self, delivery: Delivery, mapping: Mapping[str, str]) -> dict[str, str]:
        return {}

    def pairs(self, delivery: Delivery) -> list[tuple[str, str]]:
        try:
            return list(_flat("", json.loads(delivery.body)))
        except (ValueError, RecursionError):
            return delivery.decoded.pairs()

    def parse(self, delivery: Delivery, mapping: Mapping[str, str]) -> Inquiry:
        try:
            told = self.channel.parse(delivery)
        except Unreadable as error:
            raise BodyError(str(error)) from error
        for one in told:
            if isinstance(one, Said):
                return inquiry_of(one)
        raise NotAnInquiry("")

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        return reply_of(self.channel.answer(delivery))


def inquiry_of(said: Said) -> Inquiry:
    """What a first message says of its writer; its text stands in the thread."""
    found = Inquiry(name=said.writer.name, title=_headline(said.text))
    for kind, value in said.writer.identities:
        if kind == "phone":
            found.phones += [number] if (number := _phone(value)) else []
        elif kind == "email":
            found.emails.append(value.lower())
        else:
            found.handles[kind] = value
    if said.start:
        found.answers.append(("start", said.start))
    return found


def _phone(value: str) -> str | None:
    """Messengers give numbers of any country without their plus."""
    return phone.normalise(value) or phone.normalise(f"+{value}")


def reply_of(answer: Answer) -> Reply:
    return Reply(status=answer.status, body=answer.body, content_type=answer.content_type)


def _headline(text: str) -> str:
    first = "" if text.startswith("/") else text.strip().partition("\n")[0]
    return first if len(first) <= 80 else first[:79].rsplit(" ", 1)[0] + "…"


def _flat(path: str, node: Any) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        return [pair for key, child in node.items() for pair in _flat(f"{path}.{key}" if path else str(key), child)]
    if isinstance(node, list):
        return [pair for number, child in enumerate(node) for pair in _flat(f"{path}.{number}", child)]
    return [(path, "" if node is None else str(node))]
