"""Calls of the Bot API. Its address holds the token, so it is never logged and never told in an error."""

import os
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from .. import calls
from ..port import Account, NotSent, Refused, Unknown

DEFAULT_ROOT = "https://api.telegram.org"
BAD_TOKEN_REST = 300.0


def root() -> str:
    """Telegram's own server, or one that the installation runs itself."""
    return os.environ.get("VORONKA_TELEGRAM_API", DEFAULT_ROOT).rstrip("/")


def call(account: Account, method: str, *, files: Any = None, wait: float = calls.ANSWER_SECONDS, **fields: Any) -> Any:
    """The result of a method. Raises NotSent with Telegram's words, Unknown."""
    given = {key: value for key, value in fields.items() if value is not None}
    how = {"data": given, "files": files} if files else {"json": given}
    answer = calls.post(f"{root()}/bot{account['token']}/{method}", wait=wait, **how)
    told = calls.json_of(answer)
    if told is None or "ok" not in told:
        # Not the Bot API itself has answered but something before it: what stood behind may have done it.
        raise Unknown(f"HTTP {answer.status_code}")
    if told["ok"]:
        return told.get("result")
    raise _error(int(told.get("error_code") or answer.status_code), str(told.get("description", "")), told)


def ask(account: Account, method: str, *, wait: float = calls.ANSWER_SECONDS, **fields: Any) -> Any:
    """The same for what is no message: raises Refused only."""
    try:
        return call(account, method, wait=wait, **fields)
    except NotSent as error:
        raise Refused(error.why, passing=not error.permanent and not error.everywhere) from error
    except Unknown as error:
        raise Refused(str(error), passing=True) from error


def download(account: Account, path: str, *, at_most: int) -> bytes:
    return calls.get(f"{root()}/file/bot{account['token']}/{path}", at_most=at_most)


def _error(code: int, said: str, told: Mapping[str, Any]) -> NotSent:
    if code == 429:
        after = float((told.get("parameters") or {}).get("retry_after") or 5)
        return NotSent(said or _("Telegram asks to wait."), permanent=False, after=after)
    if code in (401, 404):
        return NotSent(
            _("Telegram does not know this bot's key."), permanent=False, after=BAD_TOKEN_REST, everywhere=True
        )
    if code == 403:
        return NotSent(_("The client has stopped the bot."), permanent=True, barred=True)
    if code >= 500 or code == 409:
        return NotSent(said, permanent=False)
    return NotSent(_("Telegram does not take it: {said}").format(said=said), permanent=True)
