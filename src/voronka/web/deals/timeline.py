"""History of a deal as the card shows it: sentences grouped by day, oldest first, loaded upwards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from voronka.clients.models import Note
from voronka.deals import fields, notes, queries
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.deals.related import seen_others
from voronka.imports.queries import titles_of
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.models import Attachment, Event
from voronka.process import values
from voronka.process.queries import active
from voronka.process.schema import Process
from voronka.staff.queries import names_of
from voronka.web import formats, icons
from voronka.web.board.tiles import client_name

from .bulksayings import marked, say_bulk
from .fieldrows import Choices, language
from .messagesayings import KINDS as MESSAGES
from .messagesayings import say_message
from .processsayings import say_process
from .sayings import put_in, say
from .telling import Said, Teller, bold, line, quoted

Known = Mapping[str, FieldSpec]

#: Tab of the card → kinds of events it keeps.
TABS: dict[str, tuple[str, ...]] = {
    "": (),
    "messages": MESSAGES,
    "notes": ("note.added",),
    "tasks": ("task.created", "task.done", "task.changed", "task.cancelled", "task.reopened"),
    "changes": (
        "deal.created",
        "deal.taken",
        "deal.assigned",
        "deal.moved",
        "deal.changed",
        "deal.tagged",
        "deal.restored",
        "line.added",
        "line.removed",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the macro `entry` of parts/timeline.html shows; `note` with what may be done to it, when it is one."""

    id: int
    icon: str
    at: datetime
    title: Markup
    body: Markup | str
    kind: str
    tone: str
    files: Sequence[Attachment] = ()
    note: Note | None = None
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    key: str
    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class Page:
    """`before` is the cursor of older events, `last` the newest one shown. `counts`: events by kind, if these are
    all."""

    days: Sequence[Day]
    before: int | None
    last: int
    pinned: Sequence[Note]
    counts: Mapping[str, int] | None


def page(deal: Deal, by: Actor, *, known: Known, tab: str = "", before: int | None = None) -> Page:
    """A page of events with what is pinned, at most three queries."""
    found = queries.history(deal, kinds=TABS[tab], before=before)
    events, more = found[: queries.HISTORY], len(found) > queries.HISTORY
    brought, pinned = notes.shown(deal, events)
    return Page(
        days=days(deal, events[::-1], by, known=known, brought=brought),
        before=events[-1].pk if more else None,
        last=events[0].pk if events else 0,
        pinned=pinned,
        counts=None if more or tab or before else Counter(event.kind for event in events),
    )


def newer(deal: Deal, by: Actor, *, known: Known, tab: str, after: int) -> list[Day]:
    """What has happened since the page was shown."""
    return days(deal, queries.history_since(deal, kinds=TABS[tab], after=after), by, known=known)


def days(
    deal: Deal, events: Sequence[Event], by: Actor, *, known: Known, brought: Mapping[int, Note] | None = None
) -> list[Day]:
    """Events in order of time, as sentences under the days of the person's calendar. `brought`: their notes."""
    zone = timezone.get_current_timezone()
    entries = entries_of(deal, events, by, known=known, brought=brought)
    return [
        Day(key=day.isoformat(), title=day_title(day), entries=list(group))
        for day, group in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    ]


def entries_of(
    deal: Deal, events: Sequence[Event], by: Actor, *, known: Known, brought: Mapping[int, Note] | None = None
) -> list[Entry]:
    brought = notes.brought_by(events) if brought is None else brought
    return list(_entries(events, teller(deal, events, by, known, brought), _files(deal, events, known, by), by))


def day_title(day: Any) -> str:
    """«Сегодня, 21 ноября»."""
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    long = formats.long_day(day, today=today, language=language())
    near = formats.near_day(day, today=today, language=language())
    if (today - day).days in (0, 1):
        return f"{near[:1].upper()}{near[1:]}, {long}"
    return f"{long}, {formats.weekday(day, language())}"


def teller(deal: Deal, events: Sequence[Event], by: Actor, known: Known, brought: Mapping[int, Note]) -> Teller:
    """Names and titles that these events speak of."""
    ids: set[int] = set()
    for event in events:
        changed = event.data.get("changes", {})
        named = (
            event.person_id,
            event.data.get("person"),
            event.data.get("before"),
            *(changed.get("responsible") or ()),
            *(event.data.get("mentions") or ()),
        )
        ids |= {one for one in named if isinstance(one, int)}
    return Teller(
        imports=titles_of(events),
        people=names_of(ids),
        known=fields.changed_specs((event.data for event in events), known, by),
        choices=choices_of(events, known, by),
        rules=RuleTitles(),
        client=client_name(deal),
        notes=brought,
        deals=seen_others((event.data for event in events), by),
    )


class RuleTitles:
    """Titles of rules by key; the process is asked for once, and only when a rule is spoken of."""

    @cached_property
    def _process(self) -> Process:
        return active()

    def __call__(self, key: str) -> str:
        return self._process.outline.title(values.RULE, key)


def _entries(events: Sequence[Event], told: Teller, files: Mapping[int, Attachment], by: Actor) -> Iterable[Entry]:
    """One entry an event; taking and the move that it brings are one sentence."""
    brought = {
        taken.pk: next((moved for moved in events[at + 1 :] if _one_act(taken, moved)), None)
        for at, taken in enumerate(events)
        if taken.kind == "deal.taken"
    }
    skipped = {moved.pk for moved in brought.values() if moved}
    for event in events:
        said = None if event.pk in skipped else _said(event, told)
        if said and (moved := brought.get(event.pk)):
            said = _taken_and_moved(said, moved)
        if said is None:
            continue
        note = told.notes.get(event.data.get("note", 0)) if event.kind == "note.added" else None
        shown = [] if note and note.deleted_at else _brought(event, told.known)
        yield Entry(
            id=event.pk,
            icon=icons.entry(said.icon or event.kind),
            at=event.at,
            title=marked(said, event),
            body=said.body,
            kind=said.kind,
            tone=said.tone,
            files=[files[pk] for pk in shown if pk in files],
            note=note,
            own=note is not None and note.author_id == by.person_id,
        )


def _said(event: Event, told: Teller) -> Said | None:
    return say(event, told) or say_bulk(event, told) or say_message(event, told) or say_process(event, told)


def _one_act(taken: Event, moved: Event) -> bool:
    same_hand = taken.person_id == moved.person_id and taken.by_kind == moved.by_kind
    return moved.kind == "deal.moved" and same_hand and moved.at - taken.at < timedelta(seconds=2)


def _taken_and_moved(said: Said, moved: Event) -> Said:
    way = line(
        "%(f)s → %(t)s", f=quoted(moved.data.get("from_title", "")), t=bold(quoted(moved.data.get("to_title", "")))
    )
    return replace(said, title=Markup("{}, {}").format(said.title, way))


def choices_of(events: Sequence[Event], known: Known, by: Actor) -> Choices:
    """Names for the values that these events speak of, clients and files read at once."""
    choices = Choices(by)
    changes = [event.data.get("changes", {}) for event in events]
    choices.pointed.expect(
        (known[key], value) for changed in changes for key, pair in changed.items() if key in known for value in pair
    )
    return choices


def _files(deal: Deal, events: Sequence[Event], known: Known, by: Actor) -> dict[int, Attachment]:
    wanted = [pk for event in events for pk in _brought(event, known)]
    return {one.pk: one for one in queries.attachments(deal, by).filter(pk__in=wanted)} if wanted else {}


def _brought(event: Event, known: Mapping[str, FieldSpec | None]) -> list[int]:
    """Files that came by this event: with a note, an inquiry, or into a field."""
    found = list(event.data.get("files") or [])
    for key, pair in event.data.get("changes", {}).items() if event.kind == "deal.changed" else ():
        spec = known.get(key)
        if spec and spec.type == "file":
            found += put_in(*pair)
    return found


def tab_titles() -> dict[str, str]:
    return {"": _("All"), "messages": _("Messages"), "notes": _("Notes"), "tasks": _("Tasks"), "changes": _("Changes")}
