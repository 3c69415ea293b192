"""The live check of a bot: does Telegram answer, is the key right, do its messages come to us."""

import time
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ..port import Account, Check, Refused, Verdict
from .api import ask

TAKE_OVER = "take_over"
#: Telegram posts to these only.
PORTS = (None, 443, 80, 88, 8443)


def look(account: Account) -> list[Check]:
    if not account["token"]:
        return [Check(title=_("The key fits"), verdict=Verdict.LATER, detail=_("after step 2"), step=1)]
    began = time.perf_counter()
    try:
        me = ask(account, "getMe")
    except Refused as error:
        title = _("Telegram answers") if error.passing else _("The key fits")
        return [Check(title=title, verdict=Verdict.BAD, why=error.why, step=1)]
    took = round((time.perf_counter() - began) * 1000)
    found = [
        Check(title=_("Telegram answers"), verdict=Verdict.GOOD, detail=_("{ms} ms").format(ms=took), step=1),
        Check(title=_("The key fits"), verdict=Verdict.GOOD, detail=f"@{me.get('username', '')}", step=1),
    ]
    if account.address:
        found.append(_seen_outside(account.address))
    try:
        found.append(_comes_to_us(account, ask(account, "getWebhookInfo")))
    except Refused as error:
        found.append(Check(title=_("Messages come to us"), verdict=Verdict.BAD, why=error.why, step=2))
    return found


def foreign_hook(url: str) -> str:
    host = urlsplit(url).hostname or url
    return _("Another program takes this bot's messages: {host}. Telegram gives them to one place only.").format(
        host=host
    )


def _seen_outside(address: str) -> Check:
    parts = urlsplit(address)
    title = _("Our address is fit for Telegram")
    if parts.scheme != "https" or parts.port not in PORTS:
        why = _(
            "Telegram posts only to https on ports 443, 80, 88 or 8443. Until then choose «ask Telegram ourselves»."
        )
        return Check(title=title, verdict=Verdict.BAD, detail=parts.netloc, why=why, step=2)
    return Check(title=title, verdict=Verdict.GOOD, detail=parts.netloc, step=2)


def _comes_to_us(account: Account, hook: dict) -> Check:
    title, waiting = _("Messages come to us"), str(hook.get("pending_update_count", 0))
    if hook.get("url", "") == account.address:
        if account.address and hook.get("last_error_message") and hook.get("pending_update_count"):
            why = _("Telegram can't bring them: {said}").format(said=hook["last_error_message"])
            return Check(title=title, verdict=Verdict.BAD, detail=waiting, why=why, step=2)
        return Check(title=title, verdict=Verdict.GOOD, detail=_("{n} waiting").format(n=waiting), step=2)
    if not hook.get("url"):
        return Check(title=title, verdict=Verdict.LATER, detail=_("after step 3"), step=2)
    return Check(
        title=title,
        verdict=Verdict.BAD,
        detail=_("they don't come to us"),
        why=foreign_hook(hook["url"]),
        step=2,
        remedy=TAKE_OVER,
        remedy_title=_("Take the bot over"),
    )
