"""Reads of conversations, all through the gate: the list with its filters, a thread, how a client is written to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from voronka.channels.models import Connection, open_connections
from voronka.channels.port import Channel
from voronka.clients.models import Company, Identity
from voronka.kernel import clock
from voronka.staff.models import Person

from . import rules
from .models import Conversation, Draft, Line, Message, Part, QuickReply, message_age, message_words

PAGE = 30
THREAD = 40
#: A page that has been open for long shows at most so many.
MOST_SHOWN = 400
#: Counts of tabs stop here.
MOST_COUNTED = 1000
#: Of very many messages with a word the last ones are compared.
COMPARED = 300


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the inbox is asked for. `box`: unanswered, mine, all, closed, late (over the limit)."""

    box: str = "unanswered"
    channel: str = ""
    location: int | None = None


BOXES = ("unanswered", "mine", "all", "late", "closed")


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the page after this one, empty at the end."""

    rows: Sequence[Conversation]
    next: str


def inbox(person: Person, wanted: Wanted, *, after: str = "", limit: int = PAGE) -> Page:
    """A page of the list. Unanswered ones: who waits longest first; others: the last message first. One query."""
    rows = _boxed(person, wanted).select_related("company", "taken_by", "last_author")
    column, descending = _order(wanted)
    if cursor := _cursor(after):
        at, pk = cursor
        beyond = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"{column}__{beyond}": at}) | Q(**{column: at, f"pk__{beyond}": pk})).filter(
            **{f"{column}__{beyond}e": at}
        )
    sign = "-" if descending else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}pk")[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, f"{getattr(shown[-1], column).isoformat()}~{shown[-1].pk}" if more else "")


def counts(person: Person, wanted: Wanted, boxes: Iterable[str] = ("unanswered", "mine")) -> dict[str, int]:
    """How many there are in each box, up to MOST_COUNTED."""
    found = {}
    for box in boxes:
        rows = _boxed(person, Wanted(box=box, channel=wanted.channel, location=wanted.location))
        found[box] = rows.order_by()[:MOST_COUNTED].count()
    return found


def waiting(person: Person, box: str = "unanswered") -> QuerySet[Conversation]:
    """Clients who wait for this person's answer, or for anybody's; `late`: over the limit."""
    return _boxed(person, Wanted(box=box)).filter(Q(taken_by=person) | Q(taken_by=None))


def _boxed(person: Person, wanted: Wanted) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(person).exclude(last_way="")
    now = clock.now()
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=now)
    if wanted.box == "unanswered":
        rows = rows.filter(awake, unanswered_since__isnull=False)
    elif wanted.box == "late":
        rows = rows.filter(awake, unanswered_since__isnull=False, answer_due_at__lt=now)
    elif wanted.box == "mine":
        rows = rows.filter(awake, closed_at=None, taken_by=person)
    elif wanted.box == "closed":
        rows = rows.filter(closed_at__isnull=False)
    else:
        rows = rows.filter(closed_at=None)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.location:
        rows = rows.filter(location=wanted.location)
    return rows


def _order(wanted: Wanted) -> tuple[str, bool]:
    if wanted.box in ("unanswered", "late"):
        return "unanswered_since", False
    return ("closed_at", True) if wanted.box == "closed" else ("last_at", True)


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, _sign, number = text.partition("~")
    moment = _moment(at)
    return (moment, int(number)) if moment and number.isdecimal() and len(number) < 19 else None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def conversation(person: Person, company_id: int) -> Conversation | None:
    """One, through the gate."""
    rows = Conversation.objects.visible_to(person).select_related("company", "taken_by", "location")
    return rows.filter(company_id=company_id).first()


# -- the thread ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thread:
    """Messages in order, oldest first. `before` is the cursor of older ones, `first` the place of the first shown."""

    messages: Sequence[Message]
    parts: dict[int, list[Part]]
    quoted: dict[tuple[int, str], Message]
    before: str
    first: str


def thread(row: Conversation, *, before: str = "", since: str = "", limit: int = THREAD) -> Thread:
    """A page of what was said, from the end or from a cursor upwards, or all from the place `since` to the end. Three
    queries at most."""
    found = Message.objects.filter(company_id=row.company_id).exclude(state=Message.State.CANCELLED)
    if place := _place(before):
        at, turn, pk = place
        older = Q(at__lt=at) | Q(at=at, turn__lt=turn) | Q(at=at, turn=turn, pk__lt=pk)
        found = found.filter(older, at__lte=at)
    if place := _place(since):
        at, turn, pk = place
        newer = Q(at__gt=at) | Q(at=at, turn__gt=turn) | Q(at=at, turn=turn, pk__gte=pk)
        rows = list(_told(found.filter(newer, at__gte=at)).order_by("at", "turn", "pk")[:MOST_SHOWN])
        return _thread(rows, "", since)
    rows = list(_told(found).order_by("-at", "-turn", "-pk")[: limit + 1])
    shown, more = rows[:limit], len(rows) > limit
    first = _mark(shown[-1]) if shown else ""
    return _thread(shown[::-1], first if more else "", first)


def around(row: Conversation, message_id: int, *, limit: int = THREAD) -> Thread:
    """The thread as it ends with a message that was found by search."""
    found = Message.objects.filter(company_id=row.company_id, pk=message_id).first()
    if found is None:
        return thread(row, limit=limit)
    return thread(row, before=f"{found.at.isoformat()}~{found.turn}~{found.pk + 1}", limit=limit)


def _told(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related("line__connection", "author", "note__author")


def _thread(messages: Sequence[Message], before: str, first: str) -> Thread:
    ids = [one.pk for one in messages]
    parts: dict[int, list[Part]] = {}
    for part in Part.objects.filter(message__in=ids).select_related("attachment").order_by("pk") if ids else ():
        parts.setdefault(part.message_id, []).append(part)
    return Thread(messages, parts, _quoted(messages), before, first)


def _quoted(messages: Sequence[Message]) -> dict[tuple[int, str], Message]:
    """What they answer, by line and the channel's id."""
    wanted = {(one.line_id, one.reply_to) for one in messages if one.reply_to and one.line_id}
    if not wanted:
        return {}
    lines, ids = {line for line, _id in wanted}, {foreign for _line, foreign in wanted}
    found = Message.objects.filter(line__in=lines, foreign_id__in=ids).exclude(foreign_id="")
    return {(one.line_id or 0, one.foreign_id): one for one in found}


def _mark(message: Message) -> str:
    return f"{message.at.isoformat()}~{message.turn}~{message.pk}"


def _place(text: str) -> tuple[datetime, int, int] | None:
    at, _sign, rest = text.partition("~")
    turn, _sign, pk = rest.partition("~")
    moment = _moment(at)
    whole = turn.lstrip("-").isdecimal() and pk.isdecimal() and max(len(turn), len(pk)) < 19
    return (moment, int(turn), int(pk)) if moment and whole else None


def search(person: Person, typed: str, *, company_id: int | None = None, limit: int = 20) -> list[Message]:
    """Messages with these words in any of their forms, the newest first; of one client, or of all this person sees."""
    text = " ".join(typed.replace("\x00", " ").split())[:100]
    if len(text) < 3:
        return []
    said = Message.objects.alias(words=message_words()).filter(words=SearchQuery(text, config="russian"))
    said = said.exclude(text="").filter(deleted_at=None)
    if company_id is not None:
        ids = list(said.filter(company=company_id).order_by("-at", "-pk").values_list("pk", flat=True)[:COMPARED])
    else:
        newest = Message.objects.order_by("-pk").annotate(before=message_age() - 1).values_list("before", flat=True)[:1]
        since = next(iter(newest), 0)
        late = said.alias(age=message_age()).filter(age__gte=since)
        ids = list(late.order_by(F("at").desc()).values_list("pk", flat=True)[:COMPARED])
        if len(ids) < limit:
            ids = list(said.order_by(F("at").desc()).values_list("pk", flat=True)[:COMPARED])
    found = Message.objects.visible_to(person).filter(pk__in=ids)
    return list(found.select_related("company", "author", "line__connection").order_by("-at", "-pk")[:limit])


# -- how a client is written to ----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a client can be written to: by a `line` they have, or by an `address` of theirs in a `connection` that lets
    us write first. `why`: what stands against it now (`barred`, `window`), empty when nothing does.
    """

    key: str
    connection: Connection
    channel: Channel
    line: Line | None = None
    address: str = ""
    why: str = ""


def ways(company: Company) -> list[Way]:
    """All ways, the one the client used last first. One query, and another where we may write first."""
    known = open_connections()
    found: list[Way] = []
    now = clock.now()
    lines = company.lines.filter(connection__in=list(known)) if known else ()
    for line in sorted(lines, key=lambda one: one.heard_at or one.created_at, reverse=True):
        line.connection = known[line.connection_id]
        can = line.connection.channel.can
        why = "barred" if line.barred_at else "" if rules.is_within(can, line.heard_at, now) else "window"
        found.append(
            Way(key=f"l{line.pk}", connection=line.connection, channel=line.connection.channel, line=line, why=why)
        )
    return found + _first_words(company, {way.connection.pk for way in found})


def _first_words(company: Company, has: set[int]) -> list[Way]:
    """Connections by which we may write first to an address the client has."""
    others = [one for one in open_connections().values() if one.pk not in has]
    open_ones = [one for one in others if one.channel.can.first and one.channel.reaches]
    if not open_ones:
        return []
    reached = list(Identity.objects.filter(contact__company=company).order_by("contact__is_child", "id"))
    return [
        Way(key=f"c{one.pk}:{identity.pk}", connection=one, channel=one.channel, address=identity.value)
        for one in open_ones
        for identity in reached
        if identity.kind == one.channel.reaches
    ]


def draft_of(person: Person, company_id: int) -> Draft | None:
    return Draft.objects.filter(company_id=company_id, person=person).first()


def quick_replies(person: Person) -> QuerySet[QuickReply]:
    """One's own and everybody's."""
    return QuickReply.objects.filter(Q(owner=None) | Q(owner=person)).order_by("key", "id")
