"""The ledger in words: what an account is called, the sentence of a day, what happened to an entry."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from voronka.intake.models import Attempt, Entry

#: Order of the columns of the balance; the equation reads from left to right.
COLUMNS = ("deal", "attached", "duplicate", "spam", "rejected", "waiting", "failed")
TONES = {"deal": "plan", "attached": "plan", "failed": "late", "waiting": "today"}


def column(account: str) -> str:
    return {
        "deal": pgettext("ledger", "Deal"),
        "attached": pgettext("ledger", "To a deal"),
        "duplicate": pgettext("ledger", "Duplicate"),
        "spam": pgettext("ledger", "Spam"),
        "rejected": pgettext("ledger", "Rejected"),
        "waiting": pgettext("ledger", "Waits"),
        "failed": pgettext("ledger", "Error"),
    }[account]


def state(account: str) -> str:
    """The account on the badge of an entry."""
    return {
        "deal": pgettext("entry", "deal"),
        "attached": pgettext("entry", "to a deal"),
        "duplicate": pgettext("entry", "duplicate"),
        "spam": pgettext("entry", "spam"),
        "rejected": pgettext("entry", "rejected"),
        "waiting": pgettext("entry", "waits"),
        "failed": pgettext("entry", "error"),
    }[account]


def became(account: str, number: int) -> str:
    """What the sentence says after the figure: «34 *стали сделками*»."""
    say: dict[str, Callable[[], str]] = {
        "deal": lambda: ngettext("became a deal", "became deals", number),
        "attached": lambda: ngettext("joined an open deal", "joined open deals", number),
        "duplicate": lambda: ngettext("duplicate", "duplicates", number),
        "spam": lambda: ngettext("spam", "spam", number),
        "rejected": lambda: ngettext("is rejected", "are rejected", number),
        "waiting": lambda: ngettext("is being worked on", "are being worked on", number),
        "failed": lambda: ngettext("could not be read", "could not be read", number),
    }
    return say[account]()


def history(entry: Entry, attempts: list[Attempt]) -> list[tuple[datetime, str]]:
    """What was done to an entry, in order."""
    told = [(entry.received_at, _("came and was written down"))]
    for attempt in attempts:
        told.append((attempt.at, _attempt(attempt)))
    if entry.settled_at and entry.account != Entry.Account.FAILED:
        told.append((entry.settled_at, _end(entry)))
    return sorted(told, key=lambda one: one[0])


def _attempt(attempt: Attempt) -> str:
    if attempt.outcome == "replayed":
        return _("given back to be read again")
    if attempt.outcome == "failed":
        return _("could not be read: %(why)s") % {"why": attempt.detail} if attempt.detail else _("reading failed")
    return _("put off: %(why)s") % {"why": attempt.detail} if attempt.detail else attempt.outcome


def _end(entry: Entry) -> str:
    said = {
        "deal": _("became a deal"),
        "attached": _("joined an open deal"),
        "duplicate": _("the same delivery has come before"),
        "spam": _("put aside as spam"),
        "rejected": _("rejected"),
    }.get(entry.account, state(entry.account))
    return f"{said}: {entry.reason}" if entry.reason else said
