"""The port between the ledger and a way of sending. One profile is one file that implements it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..bodies import BodyError
from ..delivery import Delivery
from ..inquiry import Inquiry


class NotAnInquiry(Exception):
    """The delivery is no inquiry by its own meaning (a check of the connection). The text is the reason."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the ledger did: `entry` is the number of the first delivery, also for a repeated one."""

    entry: int
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int = 200
    body: str = "ok"
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Profile(Protocol):
    """Reads one kind of deliveries. All methods are pure and see foreign bytes.

    key, title: how a source names it. `addressed`: whether it has an address to post to.
    """

    key: str
    title: str
    addressed: bool

    def delivery_key(self, delivery: Delivery) -> str | None:
        """Equal for two deliveries of one inquiry; None when nothing tells. Raises BodyError at most."""

    def refusal(self, delivery: Delivery, mapping: Mapping[str, str]) -> dict[str, str]:
        """Field → sentence when the sender shall be told at once that it can't be used; else {}."""

    def pairs(self, delivery: Delivery) -> list[tuple[str, str]]:
        """What arrived as (name, value), under names that a mapping may use. Raises BodyError."""

    def parse(self, delivery: Delivery, mapping: Mapping[str, str]) -> Inquiry:
        """The inquiry. Raises BodyError when unreadable, NotAnInquiry when it is none."""

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        """What the sender is told once the delivery is kept."""


def digest(*parts: str) -> str:
    """A short stable key of texts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def in_window(delivery: Delivery, content: str, *, seconds: int) -> str:
    """A key for senders that give none: the same content within one window is the same delivery."""
    bucket = int(delivery.received_at.timestamp()) // seconds
    return f"same:{digest(content, str(bucket))}"


def body_in_window(delivery: Delivery, *, seconds: int) -> str:
    content = hashlib.sha256(delivery.body).hexdigest() + delivery.query
    return in_window(delivery, content, seconds=seconds)


__all__ = ["BodyError", "NotAnInquiry", "Profile", "Receipt", "Reply", "body_in_window", "digest", "in_window"]
