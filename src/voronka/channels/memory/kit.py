"""The memory channel in the contract suite."""

import json
from itertools import count
from typing import Any, Self

from voronka.kernel import clock

from ..contract import Request
from ..port import NotSent, Unknown
from ..standin import Fault
from .channel import Memory

_FAULTS = {
    Fault.BUSY: NotSent("busy", permanent=False, after=1),
    Fault.REFUSE: NotSent("never", permanent=True),
    Fault.AWAY: NotSent("away", permanent=False),
    Fault.LOST: Unknown("lost"),
}


class Kit:
    environment: dict[str, str] = {}
    values = {"token": "any"}
    lines = ("+79215550001", "+79215550002")

    def __init__(self) -> None:
        self._secret, self._numbers = "", count(1)
        self._last: dict[str, int] = {}

    def __enter__(self) -> Self:
        Memory.sent.clear()
        Memory.failures.clear()
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def connected(self, address: str, hook_secret: str) -> None:
        self._secret = hook_secret

    def writes(self, line: str, text: str, **more: Any) -> Request:
        self._last[line] = next(self._numbers)
        return self._told(line, kind="said", text=text, turn=self._last[line], **more)

    def edits(self, line: str, text: str) -> Request:
        return self._told(line, kind="edited", text=text)

    def deletes(self, line: str) -> Request:
        return self._told(line, kind="deleted")

    def reacts(self, line: str, mark: str) -> Request:
        return self._told(line, kind="reacted", reactions=[mark])

    def sends_file(self, line: str, content: bytes) -> Request:
        Memory.files["photo.jpg"] = content
        return self.writes(line, "Вот", parts=[{"kind": "picture", "ref": "photo.jpg"}])

    def reads(self, line: str, foreign_id: str) -> Request:
        return self._told(line, kind="came", step="read", id=foreign_id)

    def malformed(self) -> list[bytes]:
        return [b'{"kind": "said"}', b'{"at": 5}']

    def forged(self) -> Request:
        return Request({"x-secret": "guess"}, self.writes(self.lines[0], "?").body)

    def got(self, line: str) -> list[str]:
        return [one.text for one in Memory.sent.values() if one.line == line]

    def got_files(self, line: str) -> list[bytes]:
        return [one.file.content for one in Memory.sent.values() if one.line == line and one.file]

    def fault(self, fault: Fault) -> None:
        Memory.failures.append(_FAULTS[fault])

    def misses(self, line: str, text: str) -> bool:
        return False

    def _told(self, line: str, **facts: Any) -> Request:
        event = {
            "event": f"e{next(self._numbers)}",
            "line": line,
            "at": clock.now().isoformat(),
            "id": self._last[line],
        }
        return Request({"x-secret": self._secret}, json.dumps(event | facts).encode())
