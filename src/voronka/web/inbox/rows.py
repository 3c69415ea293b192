"""A conversation as a row of the list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from voronka.channels import registry
from voronka.conversations.models import Conversation, Message
from voronka.conversations.queries import Wanted
from voronka.staff.models import Location
from voronka.web.deals.messagesayings import PARTS


@dataclass(frozen=True, kw_only=True)
class Row:
    """`due`: a clock runs instead of the time. `whose`: who answers, none while it is nobody's."""

    id: int
    name: str
    channel: str
    text: str
    at: datetime
    due: datetime | None
    limit: int
    unread: int
    whose: str
    nobodys: bool
    automatic: bool
    trouble: bool
    selected: bool


def rows_of(found: Iterable[Conversation], *, selected: int = 0) -> list[Row]:
    return [_row(one, selected) for one in found]


def _row(one: Conversation, selected: int) -> Row:
    return Row(
        id=one.company_id,
        name=one.company.name,
        channel=one.channel,
        text=text_of(one),
        at=one.last_at,
        due=one.answer_due_at if one.unanswered_since else None,
        limit=limit_of(one),
        unread=one.unread,
        whose=one.taken_by.name if one.taken_by else "",
        nobodys=one.taken_by is None and one.unanswered_since is not None,
        automatic=bool(one.last_rule),
        trouble=one.last_state in (Message.State.FAILED, Message.State.UNKNOWN),
        selected=one.company_id == selected,
    )


def limit_of(one: Conversation) -> int:
    """Seconds from the beginning of waiting to the limit: the clock changes its colour by their share."""
    if one.answer_due_at is None or one.unanswered_since is None:
        return 300
    return int((one.answer_due_at - one.unanswered_since).total_seconds())


def text_of(one: Conversation) -> str:
    """«Вы: …» before our own words; a message without any is named by its part."""
    text = one.last_text
    if text.startswith("[") and text.endswith("]"):
        text = {f"[{kind.value}]": name() for kind, name in PARTS.items()}.get(text, text)
    return _("You: {text}").format(text=text) if one.last_way == Message.Way.OUT else text


def filters_of(wanted: Wanted) -> dict[str, Any]:
    """What the list can be narrowed by: channels that are wired, locations of the company."""
    return {
        "channels": [(key, str(one.title)) for key, one in registry.channels().items()],
        "locations": list(Location.objects.order_by("name").values_list("pk", "name")),
        "narrowed": bool(wanted.channel or wanted.location),
    }
