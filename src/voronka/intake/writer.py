"""Durable writing of deliveries with natural group commit.

Deliveries that arrive while a commit is under way wait together and go in the next one: one INSERT of many rows, one
commit, then everybody is answered. A statement that fails is taken apart, so that one poisonous row hurts nobody else.
A lost connection leaves the outcome unknown: the rows are written again, and the unique key tells
those which were there.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from .database import connect
from .profiles import Receipt

log = logging.getLogger("voronka.intake")

LARGEST_BATCH = 256
WRITERS = 2
#: Shorter than the five seconds that Tilda waits.
PATIENCE_SECONDS = 4.0
RECONNECT_SECONDS = 0.15

#: Column → type, in the order of Row.values().
_TYPES = {
    "source_id": "bigint",
    "received_at": "timestamptz",
    "remote_address": "text",
    "headers": "jsonb",
    "query": "text",
    "content_type": "text",
    "body": "bytea",
    "delivery_key": "text",
    "account": "text",
    "reason": "text",
    "settled_at": "timestamptz",
}
_COLUMNS = ", ".join(_TYPES)
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _TYPES.values())

INSERT = f"""
WITH incoming AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('intake_entry', 'id')) AS id, rows.*
    FROM unnest({_ARRAYS}) WITH ORDINALITY AS rows({_COLUMNS}, turn)
), fresh AS (
    INSERT INTO intake_entry (id, {_COLUMNS})
    SELECT id, {_COLUMNS} FROM incoming ORDER BY turn
    ON CONFLICT (source_id, delivery_key) WHERE duplicate_of_id IS NULL AND delivery_key IS NOT NULL DO NOTHING
    RETURNING id
)
SELECT incoming.turn, incoming.id, fresh.id IS NOT NULL FROM incoming LEFT JOIN fresh USING (id)
"""

FIRST_ONES = """
SELECT wanted.turn, entry.id, entry.received_at
FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS wanted(source_id, delivery_key, turn)
JOIN intake_entry AS entry
  ON entry.source_id = wanted.source_id AND entry.delivery_key = wanted.delivery_key AND entry.duplicate_of_id IS NULL
"""

INSERT_REPEATS = f"""
INSERT INTO intake_entry ({_COLUMNS}, duplicate_of_id)
SELECT {_COLUMNS}, first_id FROM unnest({_ARRAYS}, %s::bigint[]) AS rows({_COLUMNS}, first_id)
"""


class NotKept(Exception):
    """The delivery is not in the ledger; the sender must try again."""


@dataclass(slots=True)
class Row:
    """One row to be. `received_at` also tells our own second try from a second delivery."""

    source_id: int
    received_at: datetime
    remote_address: str
    headers: dict[str, str]
    query: str
    content_type: str
    body: bytes
    delivery_key: str | None
    account: str = "waiting"
    reason: str = ""
    settled_at: datetime | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            self.source_id,
            self.received_at,
            self.remote_address,
            Jsonb(self.headers),
            self.query,
            self.content_type,
            self.body,
            self.delivery_key,
            self.account,
            self.reason,
            self.settled_at,
        )


@dataclass(slots=True)
class _Waiting:
    row: Row
    answer: "asyncio.Future[Receipt]"
    deadline: float = field(default_factory=lambda: time.monotonic() + PATIENCE_SECONDS)


class Writer:
    """Takes rows from any number of requests; a few connections write them."""

    def __init__(self, *, writers: int = WRITERS) -> None:
        self._queue: deque[_Waiting] = deque()
        self._wake = asyncio.Condition()
        self._tasks = [asyncio.create_task(self._write_on(), name=f"intake.writer.{n}") for n in range(writers)]

    async def keep(self, row: Row) -> Receipt:
        """Returns once the row is committed. Raises NotKept."""
        waiting = _Waiting(row, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        async with self._wake:
            self._wake.notify()
        return await waiting.answer

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- one connection's life ---------------------------------------------------------------

    async def _write_on(self) -> None:
        connection: psycopg.AsyncConnection | None = None
        try:
            while True:
                async with self._wake:
                    await self._wake.wait_for(lambda: bool(self._queue))
                    batch = self._next_batch()
                try:
                    connection = await self._write(connection, batch)
                except BaseException as error:
                    _fail(batch, NotKept(str(error)))
                    if not isinstance(error, Exception):
                        raise
                    log.exception("Writing deliveries failed")
        finally:
            if connection is not None:
                with contextlib.suppress(psycopg.Error):
                    await connection.close()

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._queue and len(batch) < LARGEST_BATCH:
            waiting = self._queue.popleft()
            if not waiting.answer.done():
                batch.append(waiting)
        return batch

    async def _write(
        self, connection: psycopg.AsyncConnection | None, batch: list[_Waiting]
    ) -> psycopg.AsyncConnection | None:
        """Write a batch through whatever happens to the connection, until its patience ends."""
        while batch:
            try:
                connection = connection or await connect("intake")
                await _commit(connection, batch)
                return connection
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                if connection is not None:
                    await connection.close()
                connection = None
                log.warning("The base is away while deliveries wait: %s", type(error).__name__)
                batch = _still_patient(batch)
                await asyncio.sleep(RECONNECT_SECONDS)
            except psycopg.Error:
                if len(batch) == 1:
                    batch[0].row = _plain(batch[0].row)
                    await _commit_or_fail(connection, batch)
                    return connection
                for waiting in batch:
                    connection = await self._write(connection, [waiting])
                return connection
        return connection


async def _commit(connection: psycopg.AsyncConnection, batch: list[_Waiting]) -> None:
    """One statement, one commit; then answers. Repeats get rows of their own in a second statement."""
    columns = [list(column) for column in zip(*(waiting.row.values() for waiting in batch), strict=True)]
    cursor = await connection.execute(INSERT, columns)
    repeats = []
    for turn, entry, is_fresh in await cursor.fetchall():
        if is_fresh:
            _tell(batch[turn - 1], Receipt(entry=entry, repeated=False))
        else:
            repeats.append(batch[turn - 1])
    if repeats:
        await _commit_repeats(connection, repeats)


async def _commit_repeats(connection: psycopg.AsyncConnection, repeats: list[_Waiting]) -> None:
    keys = [[w.row.source_id for w in repeats], [w.row.delivery_key for w in repeats]]
    found = await (await connection.execute(FIRST_ONES, keys)).fetchall()
    firsts = {turn: (entry, received_at) for turn, entry, received_at in found}
    rows, told = [], []
    for turn, waiting in enumerate(repeats, start=1):
        if turn not in firsts:
            # The first one was given another key or is gone meanwhile: this one is not a repeat any more.
            raise psycopg.OperationalError("the first delivery vanished")
        entry, received_at = firsts[turn]
        receipt = Receipt(entry=entry, repeated=received_at != waiting.row.received_at)
        told.append((waiting, receipt))
        if receipt.repeated:
            row = waiting.row
            row.account, row.settled_at = "duplicate", row.received_at
            rows.append((*row.values(), entry))
    if rows:
        await connection.execute(INSERT_REPEATS, [list(column) for column in zip(*rows, strict=True)])
    for waiting, receipt in told:
        _tell(waiting, receipt)


async def _commit_or_fail(connection: psycopg.AsyncConnection | None, batch: list[_Waiting]) -> None:
    """The last try of a row that the base refuses."""
    try:
        assert connection is not None
        await _commit(connection, batch)
    except psycopg.Error as error:
        log.error("A delivery can't be kept: %s", type(error).__name__)
        _fail(batch, NotKept(type(error).__name__))


def _plain(row: Row) -> Row:
    """The row without anything the base could stumble over but its body."""
    row.headers, row.query, row.content_type = {}, "", row.content_type.encode("ascii", "replace").decode()
    return row


def _tell(waiting: _Waiting, receipt: Receipt) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(receipt)


def _fail(batch: list[_Waiting], error: NotKept) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)


def _still_patient(batch: list[_Waiting]) -> list[_Waiting]:
    now = time.monotonic()
    late = [waiting for waiting in batch if waiting.deadline <= now]
    _fail(late, NotKept("patience"))
    return [waiting for waiting in batch if waiting.deadline > now and not waiting.answer.done()]
