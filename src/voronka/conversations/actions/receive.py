"""What a channel tells of a line, in the transaction of the ledger's entry, under a lock of the line."""

from collections.abc import Sequence

from django.db.models import Q

from voronka.channels.models import Connection
from voronka.channels.port import Barred, Came, Deleted, Part, PartKind, Reacted, Said, Step
from voronka.clients.models import Contact
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.live import announce

from .. import jobs
from ..models import Conversation, Line, Message
from ..models import Part as PartRow
from ._rows import facts_of, locked, open_deal_of, refresh, tell, touch_client

_FETCHED = (PartKind.PICTURE, PartKind.FILE, PartKind.VOICE, PartKind.VIDEO, PartKind.STICKER)
_ORDER = [Message.State.QUEUED, Message.State.SENDING, Message.State.SENT, Message.State.DELIVERED, Message.State.READ]


class NotYet(Exception):
    """It speaks of a message that we don't have: it may still come."""


def line_of(connection: Connection, address: str) -> Line | None:
    found = Line.objects.select_related("contact__company", "company").filter(connection=connection, address=address)
    return found.first()


def open_line(connection: Connection, address: str, *, contact: Contact, name: str = "") -> Line:
    """The first word by this address."""
    return Line.objects.create(
        connection=connection,
        address=address,
        company_id=contact.company_id,
        contact=contact,
        name=name,
        created_at=clock.now(),
    )


def knows(line: Line, foreign_id: str) -> Message | None:
    return Message.objects.filter(line=line, foreign_id=foreign_id).first() if foreign_id else None


def receive(line: Line, said: Said, *, deal: Deal | None, by: Actor) -> Message:
    """A message that is new to us."""
    row = locked(line.company_id)
    message = Message.objects.create(
        company_id=line.company_id,
        line=line,
        deal=deal,
        way=Message.Way.OUT if said.ours else Message.Way.IN,
        state=Message.State.SENT if said.ours else Message.State.HERE,
        at=said.at,
        turn=said.turn,
        text=said.text,
        foreign_id=said.id,
        reply_to=said.reply_to,
        edited_at=said.edited_at,
        facts={"start": said.start} if said.start else {},
    )
    keep_parts(message, said.parts)
    if not said.ours:
        _hear(row, line, said, deal)
    row = refresh(row, deal, minutes=line.connection.answer_minutes)
    facts = facts_of(message) | {"parts": [part.kind.value for part in said.parts]}
    tell("message.sent" if said.ours else "message.received", row, by, facts, deal=deal)
    return message


def _hear(row: Conversation, line: Line, said: Said, deal: Deal | None) -> None:
    """A client who writes opens the conversation again, and the line if they had barred it."""
    row.closed_at = row.snoozed_until = None
    if deal and deal.location_id:
        row.location_id, row.brand_id = deal.location_id, deal.brand_id
    else:
        row.location_id = row.location_id or line.connection.source.location_id
        row.brand_id = row.brand_id or (deal.brand_id if deal else None) or line.connection.source.brand_id
    row.save(update_fields=["closed_at", "snoozed_until", "location", "brand"])
    line.heard_at, line.barred_at = max(filter(None, (line.heard_at, said.at))), None
    line.save(update_fields=["heard_at", "barred_at"])
    Connection.objects.filter(pk=line.connection_id).update(heard_at=clock.now())
    touch_client(line.company_id)


def keep_parts(message: Message, parts: Sequence[Part]) -> None:
    """Files are fetched by a job each; the message is on the screen meanwhile."""
    for part in parts:
        kept = PartRow.objects.create(
            message=message,
            kind=part.kind,
            ref=part.ref,
            title=part.title,
            content_type=part.content_type,
            size=part.size,
            seconds=part.seconds,
            latitude=part.latitude,
            longitude=part.longitude,
            phone=part.phone,
        )
        if part.kind in _FETCHED and part.ref:
            jobs.fetch.defer(part=kept.pk)


def revise(message: Message, said: Said, *, by: Actor) -> bool:
    """A newer text of a message that we have; False when ours is as new."""
    if message.edited_at is not None and said.edited_at is not None and message.edited_at >= said.edited_at:
        return False
    before = message.text
    if message.deleted_at is None:
        message.text = said.text
    message.edited_at = said.edited_at
    message.save(update_fields=["text", "edited_at"])
    _tell_change("message.edited", message, by, changes={"text": [before, said.text]})
    return True


def withdraw(line: Line, told: Deleted, *, by: Actor) -> None:
    """The client took a message back. What it said stays with the event. Raises NotYet."""
    message = _known(line, told.id)
    if message.deleted_at is None:
        before, message.text, message.deleted_at = message.text, "", told.at
        message.save(update_fields=["text", "deleted_at"])
        _tell_change("message.deleted", message, by, changes={"text": [before, ""]})


def react(line: Line, told: Reacted, *, by: Actor) -> None:
    """Raises NotYet."""
    message = _known(line, told.id)
    message.reactions = list(told.reactions)
    message.save(update_fields=["reactions"])
    _show(message)


def note_step(line: Line, told: Came, *, by: Actor) -> int:
    """Messages of ours have come so far; how many that changed. Raises NotYet."""
    if told.id:
        rows = [_known(line, told.id)]
    else:
        gone = Q(state__in=Message.GONE) & ~Q(state=Message.State.READ)
        rows = list(line.messages.filter(gone, way=Message.Way.OUT, at__lte=told.at))
    changed = [row for row in rows if _goes_on(row, told)]
    for message in changed:
        message.state, message.why = Message.State(told.step.value), told.why
        message.permanent = told.step == Step.FAILED
        message.save(update_fields=["state", "why", "permanent"])
        if told.step == Step.FAILED:
            refresh(locked(message.company_id), open_deal_of(message.company_id))
            _tell_change("message.failed", message, by, why=told.why)
        else:
            _show(message)
    return len(changed)


def bar(line: Line, told: Barred, *, by: Actor) -> None:
    """The client stopped our bot, or lets it write again."""
    line.barred_at = told.at if told.barred else None
    line.save(update_fields=["barred_at"])
    row = locked(line.company_id)
    tell("line.barred" if told.barred else "line.opened", row, by, {"line": line.pk}, deal=open_deal_of(row.company_id))


def _goes_on(message: Message, told: Came) -> bool:
    """States only grow, however late and in whatever order they are told; a failure ends what was only sent."""
    if told.step == Step.FAILED:
        return message.state in (Message.State.SENT, Message.State.SENDING, Message.State.UNKNOWN)
    if message.state in (Message.State.FAILED, Message.State.UNKNOWN):
        return True
    state = Message.State(message.state)
    return state in _ORDER and _ORDER.index(Message.State(told.step.value)) > _ORDER.index(state)


def _known(line: Line, foreign_id: str) -> Message:
    found = Message.objects.select_for_update().filter(line=line, foreign_id=foreign_id).first()
    if found is None:
        raise NotYet
    return found


def _tell_change(kind: str, message: Message, by: Actor, **more: object) -> None:
    row = refresh(locked(message.company_id), open_deal_of(message.company_id))
    tell(kind, row, by, {**facts_of(message), **more}, deal=message.deal)


def _show(message: Message) -> None:
    """Open pages show it; it is nothing for the timeline."""
    audience = Conversation.objects.values_list("audience", flat=True).get(company_id=message.company_id)
    announce({"kind": "message.state", "company": message.company_id, "message": message.pk}, audience=audience)
