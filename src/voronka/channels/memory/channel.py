"""Two people in one room. It takes a repeated message for one and can be asked about any, unlike most."""

import hmac
from datetime import datetime

from ..base import BaseChannel, json_object
from ..port import (
    Account,
    Blank,
    Came,
    Can,
    Deleted,
    Fetched,
    Incoming,
    Outgoing,
    Part,
    PartKind,
    Raw,
    Reacted,
    Said,
    SetUpStep,
    Step,
    Unknown,
    Unreadable,
    Writer,
)


class Memory(BaseChannel):
    """`sent`: what it was given, by our id. `failures` are raised first, one each time, after having taken the message
    when they are Unknown."""

    key = "memory"
    title = "Memory"
    icon = "message"
    reaches = "phone"
    can = Can(files=frozenset(PartKind), reply=True, edit=True, delete=True, read=True, repeat=True, first=True)
    steps = (SetUpStep(title="Key", help="Any.", blanks=(Blank(key="token", title="Key", secret=True),)),)
    sent: dict[int, Outgoing] = {}
    failures: list[Exception] = []
    files: dict[str, bytes] = {}

    def verify(self, account: Account, raw: Raw) -> bool:
        secret, given = account["hook_secret"], raw.headers.get("x-secret", "")
        return bool(secret) and hmac.compare_digest(secret.encode(), given.encode())

    def delivery_key(self, raw: Raw) -> str | None:
        return str(json_object(raw).get("event", "")) or None

    def parse(self, raw: Raw) -> list[Incoming]:
        told = json_object(raw)
        try:
            at = datetime.fromisoformat(told["at"])
            return [self._read(told, at)]
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable(str(error)) from error

    def _read(self, told: dict, at: datetime) -> Incoming:
        line, number = str(told["line"]), str(told["id"])
        if told["kind"] == "deleted":
            return Deleted(line=line, at=at, id=number)
        if told["kind"] == "reacted":
            return Reacted(line=line, at=at, id=number, reactions=list(told["reactions"]))
        if told["kind"] == "came":
            return Came(line=line, at=at, id=number, step=Step(told["step"]), why=told.get("why", ""))
        return Said(
            line=line,
            at=at,
            id=number,
            turn=int(told.get("turn", 0)),
            text=str(told["text"]),
            parts=[Part(kind=PartKind(one["kind"]), ref=one["ref"], title=one["ref"]) for one in told.get("parts", ())],
            writer=Writer(name=told.get("name", ""), identities=[("phone", line)]),
            edited_at=at if told["kind"] == "edited" else None,
            reply_to=str(told.get("reply_to", "")),
        )

    def send(self, account: Account, message: Outgoing) -> str:
        error = self.failures.pop(0) if self.failures else None
        if error is None or isinstance(error, Unknown):
            self.sent.setdefault(message.id, message)
        if error is not None:
            raise error
        return f"m{message.id}"

    def edit(self, account: Account, line: str, message_id: str, text: str) -> None:
        return None

    def delete(self, account: Account, line: str, message_id: str) -> None:
        return None

    def fetch(self, account: Account, ref: str) -> Fetched:
        return Fetched(content=self.files[ref], name=ref)
