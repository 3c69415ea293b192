"""The sources as the acceptor knows them: read at once, kept for a few seconds, kept on when the base is away."""

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import cached_property

import psycopg

from voronka.channels.models import account_of
from voronka.channels.port import Account

from .database import connect

log = logging.getLogger("voronka.intake")

FRESH_SECONDS = 3.0
#: An unknown key asks the base, but not more often than this: guessing keys must cost us nothing.
ASK_SECONDS = 0.5

_SELECT = """
SELECT source.id, key, source.title, profile, mapping, origins, honeypot, per_address, per_source, is_active,
    connection.id, connection.settings, coalesce(connection.sealed, '')
FROM intake_source AS source LEFT JOIN channels_connection AS connection ON connection.source_id = source.id
"""


@dataclass(frozen=True)
class KnownSource:
    id: int
    key: str
    title: str
    profile: str
    mapping: dict[str, str]
    origins: list[str]
    honeypot: str
    per_address: int
    per_source: int
    is_active: bool
    connection_id: int | None = None
    settings: dict[str, str] | None = None
    sealed: str = ""

    @cached_property
    def account(self) -> Account:
        """Of a channel's connection, for verifying what comes."""
        return account_of(self.connection_id or 0, self.settings or {}, self.sealed)


class Directory:
    """`find` answers from memory; OSError or psycopg.Error only while nothing has ever been read."""

    def __init__(self) -> None:
        self._by_key: dict[str, KnownSource] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()
        self._connection: psycopg.AsyncConnection | None = None

    async def find(self, key: str) -> KnownSource | None:
        age = time.monotonic() - self._read_at
        if age > FRESH_SECONDS or (key not in self._by_key and age > ASK_SECONDS):
            await self._refresh(age)
        return self._by_key.get(key)

    async def stop(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _refresh(self, seen_age: float) -> None:
        async with self._lock:
            if time.monotonic() - self._read_at < min(seen_age, ASK_SECONDS):
                return
            try:
                await self._read()
            except (psycopg.Error, OSError):
                if self._connection is not None:
                    await self._connection.close()
                self._connection = None
                if not self._by_key:
                    raise
                log.warning("Sources can't be read now, the known ones are used on")

    async def _read(self) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = await connect("intake sources")
        rows = await (await self._connection.execute(_SELECT)).fetchall()
        self._by_key = {row[1]: KnownSource(*row) for row in rows}
        self._read_at = time.monotonic()
