"""The poller: asks channels for what they have for us. Raw deliveries are committed before the next question tells the
channel that we have them.

A connection that is polled is asked all the time; one with a webhook now and then, for what a lost webhook has missed.
One worker at a time asks for a connection: it holds an advisory lock meanwhile.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections, transaction
from django.db.models import F, Q

from voronka.channels import registry
from voronka.channels.models import Connection
from voronka.channels.port import Polled, Refused
from voronka.kernel import clock

from .writer import INSERT, Row

log = logging.getLogger("voronka.intake")

THREADS = 8
POLL_SECONDS = 1.0
#: How long a channel may hold our question until something comes.
WAIT_SECONDS = 20
RECONCILE = timedelta(minutes=2)
REST = timedelta(seconds=15)
_LOCKS = 7403


async def run(stop: asyncio.Event) -> None:
    """Ask until `stop`; each connection in a thread of its own."""
    loop = asyncio.get_running_loop()
    asking: dict[int, asyncio.Future] = {}
    with ThreadPoolExecutor(THREADS, "intake.poll") as threads:
        while not stop.is_set():
            asking = {key: future for key, future in asking.items() if not future.done()}
            for one in await loop.run_in_executor(None, _freshly, due) or ():
                if one not in asking and len(asking) < THREADS:
                    asking[one] = loop.run_in_executor(threads, _freshly, ask, one)
            try:
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
            except TimeoutError:
                continue


def due() -> list[int]:
    """Connections that are to be asked now."""
    now = clock.now()
    can_be_asked = [key for key in registry.known() if registry.channel(key).can.poll]
    on = Connection.objects.filter(state=Connection.State.ON, kind__in=can_be_asked, source__is_active=True)
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    turn = Q(receives=Connection.Receives.POLL) | Q(polled_at=None) | Q(polled_at__lte=now - RECONCILE)
    return list(on.filter(rested, turn).order_by(F("polled_at").asc(nulls_first=True)).values_list("pk", flat=True))


def ask(connection_id: int, *, wait: int = WAIT_SECONDS) -> int:
    """Ask until there is nothing more; how many deliveries came."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, connection_id % 2**31])
        if not cursor.fetchone()[0]:
            return 0
    count = 0
    try:
        while True:
            row = Connection.objects.select_related("source").get(pk=connection_id)
            try:
                polled = row.channel.poll(row.account, row.cursor, wait=0 if count else wait)
            except Refused as error:
                _note_trouble(row, error)
                return count
            _keep(row, polled)
            if not polled.deliveries:
                return count
            count += len(polled.deliveries)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, connection_id % 2**31])


def _keep(row: Connection, polled: Polled) -> None:
    """Deliveries and cursor together: what is told twice has one key and one entry."""
    now = clock.now()
    rows = [
        Row(
            source_id=row.source_id,
            received_at=now,
            remote_address="",
            headers={},
            query="",
            content_type="application/json",
            body=body,
            delivery_key=key,
        )
        for key, body in polled.deliveries
    ]
    with transaction.atomic():
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(INSERT, [list(column) for column in zip(*(one.values() for one in rows), strict=True)])
        changed = {"cursor": polled.cursor, "polled_at": now, "trouble": "", "trouble_at": None, "paused_until": None}
        Connection.objects.filter(pk=row.pk).update(**changed)


def _note_trouble(row: Connection, error: Refused) -> None:
    now = clock.now()
    log.warning("Connection %s can't be asked: %s", row.pk, error.why)
    Connection.objects.filter(pk=row.pk).update(
        polled_at=now,
        paused_until=now + REST,
        trouble="" if error.passing and not row.trouble else error.why[:500],
        trouble_at=row.trouble_at or (None if error.passing else now),
    )


def _freshly(act, *arguments):
    """In a thread of the poller: a lost base is a pause, not the end of the loop."""
    close_old_connections()
    try:
        return act(*arguments)
    except (OperationalError, InterfaceError):
        log.warning("The base is away")
        connections.close_all()
        return None
