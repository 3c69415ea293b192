"""What most channels have in common: no handshake, «ok» for an answer, and a clear no to what they cannot do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from .port import (
    Account,
    Answer,
    Can,
    Check,
    Fetched,
    Incoming,
    NotSent,
    Outgoing,
    Polled,
    Raw,
    Refused,
    SetUpStep,
    Unreadable,
    Words,
)


class BaseChannel:
    """A channel overrides what it has; see `port.Channel`."""

    key: str = ""
    title: Words = ""
    icon: str = "message"
    reaches: str = ""
    can = Can()
    steps: Sequence[SetUpStep] = ()

    def greet(self, account: Account, raw: Raw, method: str) -> Answer | None:
        return None

    def verify(self, account: Account, raw: Raw) -> bool:
        return False

    def delivery_key(self, raw: Raw) -> str | None:
        return None

    def parse(self, raw: Raw) -> list[Incoming]:
        raise NotImplementedError

    def answer(self, raw: Raw) -> Answer:
        return Answer()

    def send(self, account: Account, message: Outgoing) -> str:
        raise NotImplementedError

    def find(self, account: Account, message: Outgoing) -> str | None:
        raise Refused(_("This channel can't be asked."))

    def edit(self, account: Account, line: str, message_id: str, text: str) -> None:
        raise NotSent(_("A message that has gone can't be changed in this channel."), permanent=True)

    def delete(self, account: Account, line: str, message_id: str) -> None:
        raise NotSent(_("A message that has gone can't be taken back in this channel."), permanent=True)

    def fetch(self, account: Account, ref: str) -> Fetched:
        raise Refused(_("This channel has no files."))

    def poll(self, account: Account, cursor: str, *, wait: int) -> Polled:
        raise Refused(_("This channel can't be asked."))

    def connect(self, account: Account) -> Mapping[str, str]:
        return {}

    def disconnect(self, account: Account) -> None:
        return None

    def check(self, account: Account) -> list[Check]:
        return []

    def mend(self, account: Account, remedy: str) -> None:
        raise Refused(_("There is nothing to mend."))


def json_object(raw: Raw) -> dict[str, Any]:
    """The body as a JSON object. Raises Unreadable."""
    try:
        found = json.loads(raw.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("It is not JSON.")) from error
    if not isinstance(found, dict):
        raise Unreadable(_("It is not a JSON object."))
    return found
