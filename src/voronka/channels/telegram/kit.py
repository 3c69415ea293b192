"""Telegram in the contract suite."""

import time
from typing import Self

from ..contract import Request
from ..standin import Fault
from .standin import TelegramStandIn


class Kit:
    lines = ("5001", "5002")

    def __init__(self) -> None:
        self.telegram = TelegramStandIn()
        self.environment = {"VORONKA_TELEGRAM_API": self.telegram.origin}
        self.values = {"token": self.telegram.token}
        self._last: dict[str, dict] = {}

    def __enter__(self) -> Self:
        self.telegram.__enter__()
        for line in self.lines:
            self.telegram.chat(int(line), username=f"user{line}")
        return self

    def __exit__(self, *error: object) -> None:
        self.telegram.__exit__(*error)

    def connected(self, address: str, hook_secret: str) -> None:
        assert self.telegram.hook == {"url": address, "secret_token": hook_secret}

    def writes(self, line: str, text: str) -> Request:
        return self._told(line, "message", self.telegram.message(int(line), text))

    def edits(self, line: str, text: str) -> Request:
        return self._told(line, "edited_message", {**self._last[line], "text": text, "edit_date": int(time.time()) + 1})

    def deletes(self, line: str) -> None:
        return None

    def reacts(self, line: str, mark: str) -> Request:
        last = self._last[line]
        told = {
            "chat": last["chat"],
            "message_id": last["message_id"],
            "date": int(time.time()),
            "user": last["from"],
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": mark}],
        }
        return Request(*self.telegram.request_of(self.telegram.update(message_reaction=told)))

    def sends_file(self, line: str, content: bytes) -> Request:
        self.telegram.files["photo1"] = content
        sizes = [{"file_id": "small", "file_size": 1}, {"file_id": "photo1", "file_size": len(content)}]
        return self._told(line, "message", self.telegram.message(int(line), photo=sizes, caption="Вот"))

    def reads(self, line: str, foreign_id: str) -> None:
        return None

    def malformed(self) -> list[bytes]:
        return [
            b'{"update_id": "x"}',
            b'{"update_id": 1, "message": {"text": "no chat"}}',
            b'{"update_id":2,"message":7}',
        ]

    def forged(self) -> Request:
        true = self.writes(self.lines[0], "Это не Telegram")
        return Request({**true.headers, "x-telegram-bot-api-secret-token": "guess"}, true.body)

    def got(self, line: str) -> list[str]:
        return [one["text"] for one in self.telegram.chats[int(line)].messages]

    def got_files(self, line: str) -> list[bytes]:
        return [bytes.fromhex(one["content"]) for one in self.telegram.chats[int(line)].messages if "content" in one]

    def fault(self, fault: Fault) -> None:
        self.telegram.faults.append(fault)

    def misses(self, line: str, text: str) -> bool:
        self.telegram.deliver = False
        self.telegram.client_writes(int(line), text)
        return True

    def _told(self, line: str, kind: str, message: dict) -> Request:
        self._last[line] = message
        return Request(*self.telegram.request_of(self.telegram.update(**{kind: message})))
