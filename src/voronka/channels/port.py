"""What a channel is. One folder implements it for one outside system; `docs/recipes/add-a-channel.md` says how.

Reading (`greet`, `verify`, `delivery_key`, `parse`, `answer`) is pure and sees foreign bytes: nothing but `Unreadable`
may come out. Everything else calls the other system and raises `NotSent`, `Unknown` or `Refused`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Account:
    """One connection as its channel sees it. `address`: where the other system shall post to us, «» without one."""

    id: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    address: str = ""

    def __getitem__(self, key: str) -> str:
        return self.secrets.get(key) or self.settings.get(key, "")


class Raw(Protocol):
    """A delivery as it came; `headers` have lower-case names, `query` is without «?»."""

    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def query(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other system is told."""

    status: int = 200
    body: str = "ok"
    content_type: str = "text/plain; charset=utf-8"


class Unreadable(Exception):
    """The delivery is not what this channel delivers; the text is the reason for people."""


# -- what comes ------------------------------------------------------------------------------


class PartKind(StrEnum):
    PICTURE = "picture"
    FILE = "file"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a message that is no text. Files have a `ref` to `fetch` them by; places latitude and longitude;
    contacts a `phone` with a `title`, `own` when it is surely the writer's. `size` in bytes, `seconds` of voice.
    """

    kind: PartKind
    ref: str = ""
    title: str = ""
    content_type: str = ""
    size: int = 0
    seconds: int = 0
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Who writes: `identities` are (kind of `clients.Identity`, value as it is written there)."""

    name: str = ""
    identities: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Something the other system tells. `line`: the client's address in this connection; `at`: when it happened."""

    line: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Said(Incoming):
    """A message. `id` is the channel's own and unique within the line; `turn` orders those of one moment.

    `edited_at`: this is its newer text, whole. `reply_to`: id of the message it answers. `ours`: written by us
    elsewhere (in the messenger's own application). `start`: what the link by which they came carried.
    """

    id: str
    turn: int = 0
    text: str = ""
    parts: Sequence[Part] = ()
    writer: Writer = field(default_factory=Writer)
    reply_to: str = ""
    edited_at: datetime | None = None
    ours: bool = False
    start: str = ""


@dataclass(frozen=True, kw_only=True)
class Deleted(Incoming):
    id: str


@dataclass(frozen=True, kw_only=True)
class Reacted(Incoming):
    """What the client's reactions to a message are now; empty: taken back."""

    id: str
    reactions: Sequence[str]


class Step(StrEnum):
    """How far a message of ours has come."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Came(Incoming):
    """A message of ours has come so far; without an `id` all up to `at` have."""

    step: Step
    id: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Barred(Incoming):
    """The client wants no more messages of ours, or wants them again."""

    barred: bool


# -- what goes -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class File:
    kind: PartKind
    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """`id` is ours and stays the same over tries. One file at most; `text` is its caption then."""

    id: int
    line: str
    text: str
    file: File | None = None
    reply_to: str = ""
    subject: str = ""


class NotSent(Exception):
    """It did not go, surely. `permanent`: it never will; else it is tried again, after `after` seconds if told.

    `barred`: the client wants none; `everywhere`: nothing goes by this connection for now.
    """

    def __init__(
        self, why: str, *, permanent: bool, after: float | None = None, barred: bool = False, everywhere: bool = False
    ) -> None:
        super().__init__(why)
        self.why, self.permanent, self.after = why, permanent, after
        self.barred, self.everywhere = barred, everywhere


class Unknown(Exception):
    """Nobody knows whether it went: the line broke after it had been handed over."""


class Refused(Exception):
    """The other system refuses what set-up, a poll or a fetch asked; the text is for people."""

    def __init__(self, why: str, *, passing: bool = False, remedy: str = "") -> None:
        super().__init__(why)
        self.why, self.passing, self.remedy = why, passing, remedy


@dataclass(frozen=True, kw_only=True)
class Fetched:
    content: bytes = field(repr=False)
    name: str = ""
    content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Polled:
    """Raw deliveries that the source has for us, each with its delivery key, and where to go on."""

    deliveries: Sequence[tuple[str, bytes]]
    cursor: str


# -- what it can, and how it is set up ---------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Can:
    """What a channel can. `files`: kinds it takes from us; `longest`, `longest_caption` in signs; `largest` in bytes.

    `repeat`: sending the same `Outgoing.id` again is taken for one. `find`: it can be asked whether a message went.
    `first`: we may write before the client does. `hours`: how long after the client's last message we may write freely.
    `per_second` messages in all, `line_seconds` between two to one client. `poll`: it can be asked for what we missed;
    `webhook`: it posts to us.
    """

    files: frozenset[PartKind] = frozenset()
    longest: int = 4000
    longest_caption: int = 1000
    largest: int = 20 * 1024 * 1024
    reply: bool = False
    edit: bool = False
    delete: bool = False
    read: bool = False
    repeat: bool = False
    find: bool = False
    first: bool = False
    hours: int | None = None
    per_second: float = 20.0
    line_seconds: float = 0.0
    poll: bool = False
    webhook: bool = True
    cannot: Sequence[Words] = ()


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A field of the set-up form. A `secret` one is sealed and never shown again."""

    key: str
    title: Words
    secret: bool = False
    placeholder: str = ""
    pattern: str = ""
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class SetUpStep:
    title: Words
    help: Words
    blanks: Sequence[Blank] = ()


class Verdict(StrEnum):
    GOOD = "good"
    BAD = "bad"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at while people watch. `step` is the index of the set-up step it belongs to; `remedy` a
    key of `Channel.mend` with its `remedy_title`.
    """

    title: Words
    verdict: Verdict
    detail: str = ""
    why: Words = ""
    step: int = 0
    remedy: str = ""
    remedy_title: Words = ""


class Channel(Protocol):
    """`reaches`: kind of identity whose value can be written to as a line, «» when a client must write first."""

    key: str
    title: Words
    icon: str
    reaches: str
    can: Can
    steps: Sequence[SetUpStep]

    def greet(self, account: Account, raw: Raw, method: str) -> Answer | None:
        """The answer when this is no delivery but a question of the set-up (a challenge); else None."""

    def verify(self, account: Account, raw: Raw) -> bool:
        """Whether it surely comes from the other system. No secret on our side: no."""

    def delivery_key(self, raw: Raw) -> str | None:
        """Equal for two deliveries of one thing; None when nothing tells."""

    def parse(self, raw: Raw) -> list[Incoming]:
        """What it tells, in order; empty when it is nothing to us. Raises Unreadable."""

    def answer(self, raw: Raw) -> Answer:
        """What the other system wants to hear once the delivery is kept."""

    def send(self, account: Account, message: Outgoing) -> str:
        """Hand over; the channel's id of it. Raises NotSent, Unknown."""

    def find(self, account: Account, message: Outgoing) -> str | None:
        """The channel's id if it has the message, None if it surely has not. Raises Refused."""

    def edit(self, account: Account, line: str, message_id: str, text: str) -> None:
        """Doing it twice is doing it once. Raises NotSent."""

    def delete(self, account: Account, line: str, message_id: str) -> None:
        """The same."""

    def fetch(self, account: Account, ref: str) -> Fetched:
        """A file that came. Raises Refused."""

    def poll(self, account: Account, cursor: str, *, wait: int) -> Polled:
        """What came after `cursor`, waiting up to `wait` seconds for it. Raises Refused."""

    def connect(self, account: Account) -> Mapping[str, str]:
        """Make it deliver to `account.address` (or to polls without one); settings to keep. Raises Refused."""

    def disconnect(self, account: Account) -> None:
        """Make it deliver to us no more. Raises Refused."""

    def check(self, account: Account) -> list[Check]:
        """Look at the connection while people watch; nothing comes out but checks."""

    def mend(self, account: Account, remedy: str) -> None:
        """Do what a check has offered. Raises Refused."""
