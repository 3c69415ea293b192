"""What the contract suite needs of a channel: each has a `kit` module with a class `Kit`, which plays both sides.

The suite, `tests/channels/test_contract.py`, takes up every channel of the wiring by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from .standin import Fault


@dataclass(frozen=True)
class Request:
    """What the other system would post to us."""

    headers: Mapping[str, str]
    body: bytes


class Kit(Protocol):
    """The other system with its clients. `environment`: variables that lead our calls to it; `values`: what a person
    types into the set-up form. A client is named by the line.
    """

    environment: Mapping[str, str]
    values: Mapping[str, str]
    lines: tuple[str, str]

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def connected(self, address: str, hook_secret: str) -> None:
        """We have just connected; `address` is where it shall post."""

    def writes(self, line: str, text: str) -> Request:
        """The client writes."""

    def edits(self, line: str, text: str) -> Request | None:
        """The client changes the last message; None when the channel has no such thing, here and below."""

    def deletes(self, line: str) -> Request | None: ...

    def reacts(self, line: str, mark: str) -> Request | None: ...

    def sends_file(self, line: str, content: bytes) -> Request | None: ...

    def reads(self, line: str, foreign_id: str) -> Request | None: ...

    def malformed(self) -> list[bytes]:
        """Bodies that are none of the channel's, besides what the suite tries with every channel."""

    def forged(self) -> Request:
        """As `writes`, by somebody who does not know the secret."""

    def got(self, line: str) -> list[str]:
        """Texts that reached the client, in order, as they stand now."""

    def got_files(self, line: str) -> list[bytes]: ...

    def fault(self, fault: Fault) -> None:
        """What happens to our next call that sends."""

    def misses(self, line: str, text: str) -> bool:
        """The client writes while nothing can be posted to us; False when the channel can't be asked."""
