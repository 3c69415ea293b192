"""A Bot API server on loopback: its methods, its refusals, its queue of updates, its webhook.

with TelegramStandIn(token="7000001:…") as telegram:      # VORONKA_TELEGRAM_API = telegram.origin
    telegram.client_writes(5001, "Здравствуйте")          # an update: queued, or posted where the webhook leads
    telegram.chats[5001]                                   # what the bot has sent there
"""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from ..standin import Fault, HangUp, Server, fields_of

_FILES = {"sendPhoto": "photo", "sendDocument": "document", "sendVoice": "voice", "sendVideo": "video"}
_SECRET = "x-telegram-bot-api-secret-token"


@dataclass
class Chat:
    id: int
    name: str = "Иван"
    username: str = "ivan_p"
    blocked: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


class BotError(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.envelope = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.envelope["parameters"] = parameters
        self.code = code


class TelegramStandIn(Server):
    """`deliver`: whether it posts to the webhook at all; False is an outage of ours as Telegram sees it."""

    def __init__(self, token: str = "7000001:AAFakeFakeFakeFakeFakeFakeFakeFake", port: int = 0) -> None:
        super().__init__(port)
        self.token, self.deliver = token, True
        self.chats: dict[int, Chat] = {}
        self.hook: dict[str, Any] = {"url": ""}
        self.queue: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.failed_at: int | None = None
        self._update, self._message = 900_000, 100
        self._lock = threading.RLock()
        self._waiting = threading.Condition(self._lock)

    # -- the client's side ---------------------------------------------------------------------

    def chat(self, number: int, **given: Any) -> Chat:
        """A client who has pressed Start."""
        return self.chats.setdefault(number, Chat(number, **given))

    def message(self, number: int, text: str = "", **more: Any) -> dict[str, Any]:
        """A message of the client as Telegram describes it; not told yet."""
        chat = self.chat(number)
        with self._lock:
            self._message += 1
            made = {
                "message_id": self._message,
                "date": int(time.time()),
                "from": {"id": number, "is_bot": False, "first_name": chat.name, "username": chat.username},
                "chat": {"id": number, "type": "private", "first_name": chat.name},
            }
        return made | ({"text": text} if text else {}) | more

    def update(self, **what: Any) -> dict[str, Any]:
        with self._lock:
            self._update += 1
            return {"update_id": self._update, **what}

    def tell(self, update: dict[str, Any]) -> None:
        """Queue it, and post it when a webhook is set."""
        with self._lock:
            self.queue.append(update)
            self._waiting.notify_all()
        if self.hook["url"]:
            self.push()

    def push(self) -> None:
        """Post what waits; what is not acknowledged with 2xx stays."""
        for update in list(self.queue):
            if not (self.deliver and self._post(update)):
                self.failed_at = int(time.time())
                return
            with self._lock:
                self.queue.remove(update)

    def client_writes(self, number: int, text: str = "", **more: Any) -> dict[str, Any]:
        update = self.update(message=self.message(number, text, **more))
        self.tell(update)
        return update

    def request_of(self, update: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Headers and body with which it would be posted."""
        headers = {"content-type": "application/json"}
        if self.hook.get("secret_token"):
            headers[_SECRET] = self.hook["secret_token"]
        return headers, json.dumps(update, ensure_ascii=False).encode()

    def _post(self, update: dict[str, Any]) -> bool:
        headers, body = self.request_of(update)
        try:
            return requests.post(self.hook["url"], data=body, headers=headers, timeout=10).ok
        except requests.RequestException:
            return False

    # -- the bot's side ------------------------------------------------------------------------

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        head, _slash, rest = path.lstrip("/").partition("/")
        if head == "file":
            return self._file(rest)
        try:
            if head != f"bot{self.token}":
                raise BotError(401, "Unauthorized")
            name = rest.split("?")[0]
            result = self._faulty(name, fields_of(path, headers, body))
            return 200, "application/json", json.dumps({"ok": True, "result": result}).encode()
        except BotError as error:
            return error.code, "application/json", json.dumps(error.envelope).encode()

    def _faulty(self, name: str, given: dict[str, Any]) -> Any:
        fault = self.faults.popleft() if self.faults and name.startswith(("send", "edit", "delete")) else None
        if fault == Fault.BUSY:
            raise BotError(429, "Too Many Requests: retry after 1", retry_after=1)
        if fault == Fault.REFUSE:
            raise BotError(400, "Bad Request: message is not acceptable")
        if fault == Fault.AWAY:
            raise HangUp
        result = self._do(name, given)
        if fault == Fault.LOST:
            raise HangUp
        return result

    def _do(self, name: str, given: dict[str, Any]) -> Any:
        act = getattr(self, f"_bot_{name}", None)
        if act is None and name not in _FILES:
            raise BotError(404, "Not Found")
        return act(given) if act else self._send_file(name, given)

    def _bot_getMe(self, given: dict[str, Any]) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Час Икс", "username": "chasx_quest_bot"}

    def _bot_setWebhook(self, given: dict[str, Any]) -> bool:
        url = given.get("url", "")
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise BotError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.hook = {"url": url, "secret_token": given.get("secret_token", "")}
        if url and self.queue:
            threading.Thread(target=self.push, daemon=True).start()
        return True

    def _bot_deleteWebhook(self, given: dict[str, Any]) -> bool:
        self.hook = {"url": ""}
        return True

    def _bot_getWebhookInfo(self, given: dict[str, Any]) -> dict[str, Any]:
        told = {"url": self.hook["url"], "pending_update_count": len(self.queue), "has_custom_certificate": False}
        if self.failed_at and self.queue:
            told |= {"last_error_date": self.failed_at, "last_error_message": "Connection refused"}
        return told

    def _bot_getUpdates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.hook["url"]:
            raise BotError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset") or 0)
        with self._waiting:
            self.queue = [one for one in self.queue if one["update_id"] >= offset]
            if not self.queue:
                self._waiting.wait(float(given.get("timeout") or 0))
            return sorted(self.queue, key=lambda one: one["update_id"])[: int(given.get("limit") or 100)]

    def _bot_getFile(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("file_id") not in self.files:
            raise BotError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_path": f"files/{given['file_id']}"}

    def _bot_sendMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        text = str(given.get("text", ""))
        if not text.strip():
            raise BotError(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            raise BotError(400, "Bad Request: message is too long")
        return self._sent(given, text=text)

    def _bot_editMessageText(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self._find(given, "Bad Request: message to edit not found")
        if message["text"] == given["text"]:
            raise BotError(400, "Bad Request: message is not modified")
        message["text"] = given["text"]
        return message

    def _bot_deleteMessage(self, given: dict[str, Any]) -> bool:
        message = self._find(given, "Bad Request: message to delete not found")
        self._chat(given).messages.remove(message)
        return True

    def _send_file(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        kind = _FILES[name]
        if not isinstance(given.get(kind), tuple):
            raise BotError(400, f"Bad Request: there is no {kind} in the request")
        if len(str(given.get("caption", ""))) > 1024:
            raise BotError(400, "Bad Request: message caption is too long")
        file, content = given[kind]
        return self._sent(given, text=given.get("caption", ""), **{kind: file, "content": content.hex()})

    def _sent(self, given: dict[str, Any], **what: Any) -> dict[str, Any]:
        chat = self._chat(given)
        if chat.blocked:
            raise BotError(403, "Forbidden: bot was blocked by the user")
        with self._lock:
            self._message += 1
            message = {
                "message_id": self._message,
                "date": int(time.time()),
                "chat": {"id": chat.id, "type": "private"},
            }
            chat.messages.append(message | what)
        return chat.messages[-1]

    def _chat(self, given: dict[str, Any]) -> Chat:
        try:
            return self.chats[int(given["chat_id"])]
        except (KeyError, ValueError) as error:
            raise BotError(400, "Bad Request: chat not found") from error

    def _find(self, given: dict[str, Any], why: str) -> dict[str, Any]:
        wanted = int(given["message_id"])
        found = [one for one in self._chat(given).messages if one["message_id"] == wanted]
        if not found:
            raise BotError(400, why)
        return found[0]

    def _file(self, rest: str) -> tuple[int, str, bytes]:
        bot, _slash, path = rest.partition("/")
        name = path.removeprefix("files/")
        if bot != f"bot{self.token}" or name not in self.files:
            return 404, "text/plain", b"Not Found"
        return 200, "application/octet-stream", self.files[name]
