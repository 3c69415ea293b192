"""What a channel is. One folder or file implements it for one outside system; `voronka.wiring.CHANNELS` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """`id` is ours and stays the same over tries: a channel that can tells its system, so that none is doubled."""

    id: int
    address: str
    subject: str
    text: str


class NotSent(Exception):
    """The channel did not take it. `permanent`: it never will; otherwise it is tried again."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.why, self.permanent = why, permanent


class Channel(Protocol):
    """`reaches`: kind of identity whose value is the address (`clients.Identity.Kind`)."""

    title: str | Promise
    reaches: str

    def is_set_up(self) -> bool:
        """Whether it can send now, in this installation."""

    def send(self, message: Outgoing) -> str:
        """Hand it over; returns the other system's id of it or «». Raises NotSent."""


def channels() -> Mapping[str, Channel]:
    """All known channels by key."""
    return {key: _channel(path) for key, path in import_string(settings.VORONKA_CHANNELS).items()}


@cache
def _channel(path: str) -> Channel:
    return import_string(path)()
