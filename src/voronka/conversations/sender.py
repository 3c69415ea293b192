"""The sender: brings what is due to the channels. Any number of workers may run it.

The first waiting message of each line is claimed within its connection's pace, in a transaction of its own, then handed
over outside of any. A claim that is older than LEASE was a killed worker's: its message may have gone, see `doubt`.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import groupby

from django.db import InterfaceError, OperationalError, close_old_connections, connections, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from voronka.channels.models import Connection
from voronka.channels.port import File, NotSent, Outgoing, PartKind, Refused, Unknown
from voronka.kernel import clock

from . import rules
from .actions.outcome import note_failure, note_sent, note_unknown, send_again
from .models import Line, Message

log = logging.getLogger("voronka.conversations")

THREADS = 12
POLL_SECONDS = 0.3
LEASE = timedelta(minutes=2)
State = Message.State

# A later message of a line waits behind an earlier one that is due or on its way.
_DUE = """
    SELECT due.id, due.line_id, line.connection_id
    FROM conversations_message AS due
    JOIN conversations_line AS line ON line.id = due.line_id
    JOIN channels_connection AS connection ON connection.id = line.connection_id
    WHERE due.state = 'queued' AND due.due_at <= %(now)s AND connection.state = 'on'
        AND (connection.paused_until IS NULL OR connection.paused_until <= %(now)s)
        AND (line.rests_until IS NULL OR line.rests_until <= %(now)s)
        AND NOT EXISTS (
            SELECT FROM conversations_message AS before
            WHERE before.line_id = due.line_id AND before.state IN ('queued', 'sending')
                AND (before.state = 'sending' OR (before.due_at, before.id) < (due.due_at, due.id))
        )
    ORDER BY due.due_at, due.id LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
"""


async def run(stop: asyncio.Event) -> None:
    """The loop of the worker: send what is due until `stop`."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(THREADS, "conversations") as threads:
        while not stop.is_set():
            await loop.run_in_executor(threads, _freshly, clear_doubts)
            claimed = await loop.run_in_executor(threads, _freshly, claim)
            await asyncio.gather(*(loop.run_in_executor(threads, _freshly, deliver, one) for one in claimed or ()))
            if not claimed:
                try:
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue


def claim(limit: int = THREADS * 2) -> list[int]:
    """Messages that are ours to send now."""
    now = clock.now()
    with transaction.atomic():
        due = list(Message.objects.raw(_DUE, {"now": now, "limit": limit}))
        due.sort(key=lambda row: vars(row)["connection_id"])
        claimed: list[int] = []
        for connection_id, rows in groupby(due, key=lambda row: vars(row)["connection_id"]):
            claimed += _within_pace(connection_id, list(rows))
        Message.objects.filter(pk__in=claimed).update(state=State.SENDING, claimed_at=now, tries=F("tries") + 1)
    return claimed


def _within_pace(connection_id: int, rows: list[Message]) -> list[int]:
    """So many as the pace lets go now; another worker that paces this connection right now leaves it to that one."""
    connection = Connection.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=connection_id).first()
    if connection is None:
        return []
    now, can = clock.now(), connection.channel.can
    going = rows[: rules.room(connection.paced_until, now, can.per_second)]
    if going:
        connection.paced_until = rules.paced(connection.paced_until, now, can.per_second, len(going))
        connection.save(update_fields=["paced_until"])
    if going and can.line_seconds:
        rests = now + timedelta(seconds=can.line_seconds)
        Line.objects.filter(pk__in=[row.line_id for row in going]).update(rests_until=rests)
    return [row.pk for row in going]


def deliver(message_id: int) -> None:
    """Hand over one that is claimed, and write down what came of it."""
    message = Message.objects.select_related("line__connection__source").get(pk=message_id)
    assert message.line is not None
    connection = message.line.connection
    try:
        given = outgoing(message)
        note_sent(message_id, connection.channel.send(connection.account, given))
    except NotSent as error:
        note_failure(message_id, error)
    except Unknown:
        doubt(message_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # A fault of ours: whether it went before that nobody knows.
        log.exception("Message %s could not be handed over", message_id)
        doubt(message_id)


def doubt(message_id: int) -> None:
    """It may have gone: sent again where the channel takes a repeat for one, asked for where it can be asked, else left
    to people."""
    message = Message.objects.select_related("line__connection__source").get(pk=message_id)
    assert message.line is not None
    connection = message.line.connection
    can = connection.channel.can
    if can.repeat:
        send_again(message_id)
    elif can.find:
        try:
            found = connection.channel.find(connection.account, outgoing(message))
        except Refused:
            note_unknown(message_id)
        else:
            if found:
                note_sent(message_id, found)
            else:
                send_again(message_id)
    else:
        note_unknown(message_id)


def clear_doubts() -> None:
    """What a killed worker had claimed."""
    old = Message.objects.filter(state=State.SENDING, claimed_at__lt=clock.now() - LEASE)
    for message_id in old.values_list("pk", flat=True)[:THREADS]:
        doubt(message_id)


def outgoing(message: Message) -> Outgoing:
    """The message as its channel is given it. Raises NotSent when its file is gone."""
    assert message.line is not None
    part = message.parts.select_related("attachment").first()
    file = None
    if part is not None:
        if part.attachment is None or not part.attachment.file.storage.exists(part.attachment.file.name or ""):
            raise NotSent(_("Its file is not here any more."), permanent=True)
        with part.attachment.file.open("rb") as content:
            file = File(
                kind=PartKind(part.kind), name=part.title, content_type=part.content_type, content=content.read()
            )
    return Outgoing(id=message.pk, line=message.line.address, text=message.text, file=file, reply_to=message.reply_to)


def _freshly(act, *arguments):
    """In a thread of the sender: a lost base is a pause, not the end of the loop."""
    close_old_connections()
    try:
        return act(*arguments)
    except (OperationalError, InterfaceError):
        log.warning("The base is away")
        connections.close_all()
        return None
