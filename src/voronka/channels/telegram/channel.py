"""The bot: see `port.Channel`."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..base import BaseChannel, json_object
from ..port import (
    Account,
    Blank,
    Can,
    Check,
    Fetched,
    Incoming,
    NotSent,
    Outgoing,
    PartKind,
    Polled,
    Raw,
    Refused,
    SetUpStep,
    Unknown,
)
from . import checks, updates
from .api import ask, call, download

#: A photo larger than this goes as a file.
LARGEST_PICTURE = 10 * 1024 * 1024
LARGEST_FETCHED = 20 * 1024 * 1024
_METHODS = {PartKind.PICTURE: "Photo", PartKind.VOICE: "Voice", PartKind.VIDEO: "Video"}
_AT_ONCE = 100


class Telegram(BaseChannel):
    key = "telegram"
    title = "Telegram"
    icon = "brand-telegram"
    can = Can(
        files=frozenset({PartKind.PICTURE, PartKind.FILE, PartKind.VOICE, PartKind.VIDEO}),
        longest=4096,
        longest_caption=1024,
        largest=50 * 1024 * 1024,
        reply=True,
        edit=True,
        delete=True,
        per_second=25,
        line_seconds=1.0,
        poll=True,
        cannot=(
            _("Write first: the client begins by pressing «Start»"),
            _("Learn a phone before the client shares it"),
            _("Tell whether a message was read"),
            _("See what was written before it was connected"),
        ),
    )
    steps = (
        SetUpStep(
            title=_("Make a bot at @BotFather"),
            help=_("Open @BotFather in Telegram, send /newbot, name the bot as clients know you."),
        ),
        SetUpStep(
            title=_("Paste its key"),
            help=_("@BotFather answers with a key. It is kept sealed and never shown whole again."),
            blanks=(
                Blank(
                    key="token",
                    title=_("Key of the bot"),
                    secret=True,
                    placeholder="7214000000:AAF…",
                    pattern=r"[0-9]{3,20}:[A-Za-z0-9_-]{30,60}",
                ),
            ),
        ),
        SetUpStep(title=_("Take its messages"), help=_("Telegram gives a bot's messages to one place only: to us.")),
        SetUpStep(
            title=_("Write to it and see it here"),
            help=_("Open the bot on your phone and send any word: we wait here."),
        ),
    )

    # -- what comes ----------------------------------------------------------------------------

    def verify(self, account: Account, raw: Raw) -> bool:
        secret, given = account["hook_secret"], raw.headers.get("x-telegram-bot-api-secret-token", "")
        return bool(secret) and hmac.compare_digest(secret.encode(), given.encode())

    def delivery_key(self, raw: Raw) -> str | None:
        number = json_object(raw).get("update_id")
        return f"update:{number}" if isinstance(number, int) else None

    def parse(self, raw: Raw) -> list[Incoming]:
        return updates.read(json_object(raw))

    def poll(self, account: Account, cursor: str, *, wait: int) -> Polled:
        """By a webhook: what Telegram could not bring us it keeps for a day. It is taken by hand, the webhook set aside
        until nothing is left."""
        if account.address:
            hook = ask(account, "getWebhookInfo")
            if hook["url"] not in ("", account.address):
                raise Refused(checks.foreign_hook(hook["url"]), remedy=checks.TAKE_OVER)
            if hook["url"] and not (hook.get("pending_update_count") and hook.get("last_error_date")):
                return Polled(deliveries=(), cursor=cursor)
            if hook["url"]:
                ask(account, "deleteWebhook")
            wait = 0
        found = self._waiting(account, cursor, wait)
        if account.address and not found:
            self.connect(account)
        deliveries = [(f"update:{one['update_id']}", json.dumps(one, ensure_ascii=False).encode()) for one in found]
        return Polled(deliveries=deliveries, cursor=str(found[-1]["update_id"] + 1) if found else cursor)

    def _waiting(self, account: Account, cursor: str, wait: int) -> list[dict[str, Any]]:
        offset = int(cursor) if cursor else None
        return ask(
            account,
            "getUpdates",
            wait=wait + 10,
            offset=offset,
            limit=_AT_ONCE,
            timeout=wait,
            allowed_updates=updates.ALLOWED,
        )

    def fetch(self, account: Account, ref: str) -> Fetched:
        path = ask(account, "getFile", file_id=ref).get("file_path", "")
        try:
            return Fetched(content=download(account, path, at_most=LARGEST_FETCHED), name=path.rpartition("/")[2])
        except NotSent as error:
            raise Refused(error.why, passing=not error.permanent) from error

    # -- what goes -----------------------------------------------------------------------------

    def send(self, account: Account, message: Outgoing) -> str:
        reply = {"message_id": int(message.reply_to), "allow_sending_without_reply": True} if message.reply_to else None
        if message.file is None:
            sent = call(account, "sendMessage", chat_id=message.line, text=message.text, reply_parameters=reply)
        else:
            method = _METHODS.get(message.file.kind, "Document")
            if method == "Photo" and len(message.file.content) > LARGEST_PICTURE:
                method = "Document"
            sent = call(
                account,
                f"send{method}",
                files={method.lower(): (message.file.name, message.file.content, message.file.content_type)},
                chat_id=message.line,
                caption=message.text or None,
                reply_parameters=json.dumps(reply) if reply else None,
            )
        return str(sent["message_id"])

    def edit(self, account: Account, line: str, message_id: str, text: str) -> None:
        self._change(account, "editMessageText", "not modified", chat_id=line, message_id=int(message_id), text=text)

    def delete(self, account: Account, line: str, message_id: str) -> None:
        self._change(account, "deleteMessage", "to delete not found", chat_id=line, message_id=int(message_id))

    def _change(self, account: Account, method: str, done_already: str, **fields: Any) -> None:
        try:
            call(account, method, **fields)
        except Unknown as error:
            raise NotSent(str(error), permanent=False) from error
        except NotSent as error:
            if done_already not in error.why:
                raise

    # -- set-up --------------------------------------------------------------------------------

    def connect(self, account: Account) -> Mapping[str, str]:
        me = ask(account, "getMe")
        if account.address:
            ask(
                account,
                "setWebhook",
                url=account.address,
                secret_token=account["hook_secret"],
                allowed_updates=updates.ALLOWED,
                max_connections=40,
            )
        else:
            ask(account, "deleteWebhook")
        return {"bot": me.get("username", ""), "name": me.get("first_name", "")}

    def disconnect(self, account: Account) -> None:
        ask(account, "deleteWebhook")

    def check(self, account: Account) -> list[Check]:
        return checks.look(account)

    def mend(self, account: Account, remedy: str) -> None:
        if remedy != checks.TAKE_OVER:
            super().mend(account, remedy)
        self.connect(account)
