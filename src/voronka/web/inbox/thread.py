"""A thread as the page shows it: messages under their days, words about the conversation between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from voronka.conversations import queries
from voronka.conversations.models import Conversation, Message, Part
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.staff.queries import names_of
from voronka.web import formats
from voronka.web.deals.names import is_she
from voronka.web.deals.timeline import day_title
from voronka.web.jinja import language

from .rows import limit_of

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_TICKS = {
    Message.State.QUEUED: ("clock", lambda: _("goes in a moment")),
    Message.State.SENDING: ("clock", lambda: _("on its way")),
    Message.State.SENT: ("check", lambda: _("sent")),
    Message.State.DELIVERED: ("checks", lambda: _("delivered")),
    Message.State.READ: ("checks", lambda: _("read")),
}


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message. `state` is that of the model, `tick` its icon and words; `scheduled`: it goes later by order."""

    id: int
    way: str
    state: str
    at: datetime
    text: str
    parts: Sequence[Part]
    quote: str
    author: str
    mine: bool
    channel: str
    channel_changed: bool
    reactions: Sequence[str]
    edited: bool
    deleted: bool
    tick: tuple[str, str]
    why: str
    scheduled: bool
    can_edit: bool
    can_delete: bool
    can_reply: bool


@dataclass(frozen=True, kw_only=True)
class Day:
    title: str
    bubbles: Sequence[Bubble]


def head_of(row: Conversation, person: Person) -> dict[str, Any]:
    """Whose conversation it is, until when it is to be answered, what can be done with it."""
    asleep = row.snoozed_until is not None and row.snoozed_until > clock.now()
    return {
        "row": row,
        "client": row.company,
        "limit": limit_of(row),
        "asleep": asleep,
        "mine": row.taken_by_id == person.pk,
        "can_take": row.taken_by_id is None and person.may("take_deals"),
    }


def thread_of(row: Conversation, person: Person, *, at: str = "", before: str = "", since: str = "") -> dict[str, Any]:
    """A page of the thread: the last one, one that ends with a message found by search, an older one, or all from a
    place to the end."""
    if at.isdecimal() and len(at) < 19:
        told = queries.around(row, int(at))
    else:
        told = queries.thread(row, before=before, since=since)
    return {
        "row": row,
        "days": _days(told, person),
        "older": told.before,
        "since": told.first,
        "found": int(at) if at.isdecimal() else 0,
    }


def _days(told: queries.Thread, person: Person) -> list[Day]:
    zone = timezone.get_current_timezone()
    bubbles = _bubbles(told, person)
    return [
        Day(title=day_title(day), bubbles=list(group))
        for day, group in groupby(bubbles, key=lambda bubble: bubble.at.astimezone(zone).date())
    ]


def _bubbles(told: queries.Thread, person: Person) -> list[Bubble]:
    named = {one.facts.get("to") for one in told.messages if one.facts.get("to")}
    names = names_of(named | {one.author_id for one in told.messages if one.author_id})
    found, last = [], ""
    for message in told.messages:
        channel = message.line.connection.kind if message.line else ""
        found.append(_bubble(message, told, names, person, channel, channel_changed=bool(channel) and channel != last))
        last = channel or last
    return found


def _bubble(
    message: Message,
    told: queries.Thread,
    names: dict[int, str],
    person: Person,
    channel: str,
    *,
    channel_changed: bool,
) -> Bubble:
    can = message.line.connection.channel.can if message.line else None
    gone = message.way == Message.Way.OUT and message.state in Message.GONE and message.deleted_at is None
    own = gone and message.author_id == person.pk
    quoted = told.quoted.get((message.line_id or 0, message.reply_to)) if message.reply_to else None
    tick = _TICKS.get(Message.State(message.state)) if message.way == Message.Way.OUT else None
    scheduled = message.state == Message.State.QUEUED and message.due_at is not None and _is_later(message)
    return Bubble(
        id=message.pk,
        way=message.way,
        state=message.state,
        at=message.at,
        text=_text(message, names),
        parts=told.parts.get(message.pk, ()),
        quote=short(quoted) if quoted else "",
        author=names.get(message.author_id or 0, ""),
        mine=message.author_id == person.pk,
        channel=channel,
        channel_changed=channel_changed,
        reactions=message.reactions,
        edited=message.edited_at is not None and message.deleted_at is None,
        deleted=message.deleted_at is not None,
        tick=(tick[0], tick[1]()) if tick else ("", ""),
        why=message.why,
        scheduled=scheduled,
        can_edit=bool(own and can and can.edit and not told.parts.get(message.pk)),
        can_delete=bool(own and can and can.delete),
        can_reply=bool(can and can.reply and message.foreign_id and message.deleted_at is None),
    )


def _is_later(message: Message) -> bool:
    return message.due_at is not None and (message.due_at - clock.now()).total_seconds() > 10


def short(message: Message) -> str:
    """What is quoted of a message that another one answers."""
    return message.text[:120] or _("message")


def _text(message: Message, names: dict[int, str]) -> str:
    if message.way == Message.Way.NOTE:
        return message.note.text if message.note and message.note.deleted_at is None else _("Note deleted")
    return _word(message, names) if message.way == Message.Way.WORD else message.text


def _word(message: Message, names: dict[int, str]) -> str:
    """«Анна Крылова взяла диалог за 48 с»."""
    facts, name = message.facts, names.get(message.author_id or 0, _("Voronka"))
    gender = "she" if is_she(name) else "he"
    act = facts.get("act")
    if act == "taken":
        waited = facts.get("waited")
        time = formats.exact_duration(waited, language()) if waited is not None else ""
        took = _TAKEN_IN if time else _TAKEN
        return took[gender]().format(name=name, time=time)
    if act == "handed":
        text = _HANDED[gender]().format(name=name, to=names.get(facts.get("to", 0), ""))
        return f"{text}: «{facts['note']}»" if facts.get("note") else text
    if act == "snoozed":
        until = formats.when(
            datetime.fromisoformat(facts["until"]),
            now=clock.now(),
            zone=timezone.get_current_timezone(),
            language=language(),
        )
        return _SNOOZED[gender]().format(name=name, until=until)
    return (_CLOSED if act == "closed" else _OPENED)[gender]().format(name=name)


_TAKEN_IN = {
    "she": lambda: pgettext("she", "{name} took the conversation in {time}"),
    "he": lambda: pgettext("he", "{name} took the conversation in {time}"),
}
_TAKEN = {
    "she": lambda: pgettext("she", "{name} took the conversation"),
    "he": lambda: pgettext("he", "{name} took the conversation"),
}
_HANDED = {
    "she": lambda: pgettext("she", "{name} handed it over, {to} answers"),
    "he": lambda: pgettext("he", "{name} handed it over, {to} answers"),
}
_SNOOZED = {
    "she": lambda: pgettext("she", "{name} put it off until {until}"),
    "he": lambda: pgettext("he", "{name} put it off until {until}"),
}
_CLOSED = {
    "she": lambda: pgettext("she", "{name} closed the conversation"),
    "he": lambda: pgettext("he", "{name} closed the conversation"),
}
_OPENED = {
    "she": lambda: pgettext("she", "{name} opened the conversation again"),
    "he": lambda: pgettext("he", "{name} opened the conversation again"),
}
