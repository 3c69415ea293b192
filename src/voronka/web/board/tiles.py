"""A deal as a tile: five facts in four lines and the wick."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voronka.clients.models import Company, Tag
from voronka.clients.tags import known_tags, shown
from voronka.deals import board, fields, limits, queries
from voronka.deals.access import may_change
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web import formats

from .state import BoardState

#: From this share of the limit a tile warns.
WARN = 75


@dataclass(frozen=True, kw_only=True)
class Step:
    """`title` may be cut where there is little room, `when` never is."""

    tone: str
    icon: str
    title: str
    when: str

    @property
    def text(self) -> str:
        return f"{self.title}, {self.when}"


@dataclass(frozen=True)
class Who:
    name: str
    initials: str


class Named(NamedTuple):
    """A tag as it shows."""

    title: str


@dataclass(frozen=True, kw_only=True)
class Tile:
    """What the macros `tile` and `queue_tile` show, all of it: equal ones look the same."""

    id: int
    number: int
    url: str
    live_url: str
    stage: int
    lane: str
    channel: str
    channel_title: str
    client: str
    subject: str
    amount: Decimal | None
    size: str
    unread: bool
    person: Who | None
    step: Step | None
    age: str
    limit: str
    percent: int
    tone: str
    order: float
    movable: bool
    queue: bool
    text: str = ""
    note: str = ""
    due: datetime | None = None
    limit_seconds: int = 300
    take_url: str = ""
    primary: bool = False
    tags: tuple[Named, ...] = ()
    quick_url: str = ""


def tiles(deals: Iterable[Deal], state: BoardState) -> dict[int, Tile]:
    """Tiles by deal id, in two queries whatever their number: nearest tasks, and tags when there are any."""
    deals = list(deals)
    steps = queries.nearest_tasks(deal.pk for deal in deals)
    hung = known_tags() if any(deal.tags for deal in deals) else {}
    return {deal.pk: tile(deal, steps.get(deal.pk), state, tags=shown(deal.tags, hung)) for deal in deals}


def tile(deal: Deal, task: Task | None, state: BoardState, *, tags: Sequence[Tag] = ()) -> Tile:
    now, url, known, actor = clock.now(), f"/deals/{deal.pk}", state.fields, state.person.actor
    percent = share_of_limit(deal)
    queue = deal.stage.meaning == Stage.Meaning.UNSORTED and deal.responsible_id is None
    movable = may_change(actor, deal)
    waits = deal.answer_due_at if queue else None
    return Tile(
        id=deal.pk,
        number=deal.pk,
        url=url,
        live_url=f"{url}/tile?{state.query}",
        stage=deal.stage_id,
        lane=lane_key(getattr(deal, state.lane)) if state.lane else "",
        channel=deal.channel,
        channel_title=deal.source.title if deal.source else "",
        client=client_name(deal),
        subject=subject(deal, known),
        amount=deal.amount or None,
        size=size(deal, known),
        unread=deal.is_unread and deal.responsible_id is not None,
        person=whose(deal.responsible),
        step=next_step(task, now) if task else None,
        age=formats.duration(now - deal.stage_entered_at, language()),
        limit=limit_text(deal.stage),
        percent=max(0, min(percent, 100)),
        tone=tone_of(percent),
        order=board.sort_key(deal, "step" if queue else state.order)[0],
        movable=movable,
        queue=queue,
        text=deal.title or subject(deal, known),
        note=origin(deal),
        due=waits,
        limit_seconds=(deal.stage.limit_minutes or 5) * 60,
        take_url=f"{url}/taking" if queue and movable and actor.may("take_deals") else "",
        tags=tuple(Named(tag.title) for tag in tags),
        quick_url=f"{url}/quick?{state.query}" if movable and not queue else "",
    )


def lane_key(value: int | None) -> str:
    """What the page calls a lane."""
    return "none" if value is None else str(value)


def language() -> str:
    return get_language() or "en"


def whose(person: Person | None) -> Who | None:
    return Who(person.name, formats.initials(person.name)) if person else None


def client_name(deal: Deal) -> str:
    """A firm by its name, a family by the person who speaks for it."""
    if deal.contact and deal.company.kind == Company.Kind.FAMILY:
        return deal.contact.name
    return deal.company.name


def share_of_limit(deal: Deal) -> int:
    """Per cent of the stage's limit that has burnt; 0 where there is none."""
    return int(100 * (limits.used(deal) or 0))


def tone_of(percent: int) -> str:
    return "late" if percent >= 100 else "today" if percent >= WARN else ""


def limit_text(stage: Stage) -> str:
    return formats.duration(timedelta(minutes=stage.limit_minutes), language()) if stage.limit_minutes else ""


def next_step(task: Task, now: datetime) -> Step:
    """Icon says the kind, colour says when."""
    zone = timezone.get_current_timezone()
    due, today = task.due_at.astimezone(zone).date(), now.astimezone(zone).date()
    tone = "late" if task.due_at < now else "today" if due == today else "plan"
    icon = {"late": "alarm", "today": "clock"}.get(tone) or task.kind.icon
    near = tone != "late" and abs((due - today).days) < 2
    write = formats.when if near or due == today else None
    when = (
        write(task.due_at, now=now, zone=zone, language=language())
        if write
        else formats.near_day(due, today=today, language=language())
    )
    return Step(tone=tone, icon=icon, title=task.title, when=when)


def subject(deal: Deal, known: Mapping[str, fields.FieldSpec]) -> str:
    """What it is about: the first declared choice and day that are filled, else the title."""
    chosen = _first(deal, known, "choice")
    day = _first(deal, known, "date")
    parts = [_shown(*chosen)] if chosen else []
    if day:
        parts.append(_shown(*day))
    return ", ".join(parts) if chosen else deal.title


def size(deal: Deal, known: Mapping[str, fields.FieldSpec]) -> str:
    """«8 чел.»: the first declared number with a unit."""
    for spec in known.values():
        value = deal.fields.get(spec.key)
        if spec.declared and spec.type == "number" and spec.unit and fields.fits(spec, value):
            return f"{formats.number(value, language())}{formats.NBSP}{spec.unit}"
    return ""


def origin(deal: Deal) -> str:
    """Where an inquiry came from, in words: source and campaign; a known client is said so."""
    parts = [deal.source.title if deal.source else "", deal.utm.get("utm_campaign") or deal.utm.get("campaign") or ""]
    if deal.is_repeat:
        parts.insert(0, _("Known client"))
    return " · ".join(part for part in parts if part)


def _first(deal: Deal, known: Mapping[str, fields.FieldSpec], kind: str) -> tuple[fields.FieldSpec, Any] | None:
    """The first declared field of a kind, when it is filled: a later one says less of what is sold."""
    spec = next((spec for spec in known.values() if spec.declared and spec.type == kind), None)
    value = deal.fields.get(spec.key) if spec else None
    return None if spec is None or fields.is_empty(value) or not fields.fits(spec, value) else (spec, value)


def _shown(spec: fields.FieldSpec, value: Any) -> str:
    if spec.type == "choice":
        title = spec.option_title(value)
        return title if title.startswith("«") else f"«{title}»"
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    return formats.near_day(datetime.fromisoformat(value).date(), today=today, language=language())
