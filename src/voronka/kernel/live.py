"""Live updates: one listener per process hears every recorded event and hands each to the streams that may see it.

PostgreSQL's LISTEN/NOTIFY is the bus, fed by the trigger on `kernel_event`, so what is heard has been committed.
A payload carries ids and the audience, never contents; listeners ask for the contents through the gate.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from .access import sees

CHANNEL = "voronka_live"
RESYNC: Mapping[str, Any] = {"kind": "resync"}
_HELD = 500
_RECONNECT_SECONDS = 1.0

log = logging.getLogger(__name__)


def announce(facts: Mapping[str, Any], *, audience: Sequence[str]) -> None:
    """Tell open pages of something that passes and is not an event: whoever does not listen now never hears it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s::text, %s::text)", [CHANNEL, json.dumps({**facts, "audience": [*audience]})]
        )


class Stream:
    """One open page. Iterate to receive messages; a slow reader loses the queue and is told to ask anew.

    `page`: the page's own name, by which it is known in what it says of itself; `said`: that, by card, while it holds.
    """

    def __init__(self, *, person_id: int, reach: frozenset[str], page: str = "") -> None:
        self.person_id = person_id
        self.reach = reach
        self.page = page
        self.said: dict[Any, Mapping[str, Any]] = {}
        self._queue: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue(maxsize=_HELD)

    def offer(self, message: Mapping[str, Any]) -> None:
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(RESYNC)

    def hear_own(self, facts: Mapping[str, Any], audience: Sequence[str]) -> None:
        """Remember what this page has said of itself, so that the others can be told when its line ends."""
        if not self.page or facts.get("page") != self.page or facts.get("who") != self.person_id:
            return
        if facts.get("gone"):
            self.said.pop(facts["card"], None)
        else:
            self.said[facts["card"]] = {**facts, "audience": audience}

    def close(self) -> None:
        """End the stream; the page reconnects and is asked who it is again."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self, timeout: float) -> Mapping[str, Any] | None:
        """Next message; None when the stream is closed. Raises TimeoutError after `timeout` seconds of silence."""
        return await asyncio.wait_for(self._queue.get(), timeout)


class Hub:
    """All streams of this process and the one connection that listens for them."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._streams: set[Stream] = set()
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def stream(self, *, person_id: int, reach: frozenset[str], page: str = "") -> Iterator[Stream]:
        """A stream for the time of the block. Must run in the hub's event loop."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        stream = Stream(person_id=person_id, reach=reach, page=page)
        self._streams.add(stream)
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    async def stop(self) -> None:
        for stream in list(self._streams):
            stream.said.clear()
            stream.close()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tell(self, payload: str) -> None:
        """Hand one notification to whoever may see it."""
        facts = json.loads(payload)
        audience = facts.pop("audience", None)
        whom = facts.pop("for", None)
        moved_from = facts.pop("from", None)
        facts["stages"] = [stage for stage in (moved_from, facts.get("stage")) if stage is not None]
        about_access = facts["kind"].startswith("person.")
        for stream in list(self._streams):
            if about_access and whom == stream.person_id:
                stream.close()
            elif audience is None:
                stream.offer(RESYNC)
            elif sees(stream.reach, audience):
                stream.hear_own(facts, audience)
                stream.offer(facts)

    async def _listen(self) -> None:
        while True:
            try:
                async for payload in self._payloads():
                    self.tell(payload)
            except psycopg.Error as error:
                log.warning("live updates lost the database: %s", type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _payloads(self) -> AsyncIterator[str]:
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            for stream in list(self._streams):
                stream.offer(RESYNC)
            async for notice in connection.notifies():
                yield notice.payload
