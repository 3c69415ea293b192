"""The drain: brings waiting entries to their accounts. The ledger is its own queue, see docs/adr.

Woken by NOTIFY, and by a poll for whatever a lost notice, a crash or a downtime left behind. Any number of workers may
run it: an entry is settled under its row lock, and passed by while somebody else holds it.
"""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from .actions.settle_entry import Passing, give_up, note_attempt, settle_next
from .database import connect

log = logging.getLogger("voronka.intake")

CHANNEL = "voronka_intake"
THREADS = 3
POLL_SECONDS = 1.0
#: An entry with a passing error rests before the next try; after MOST_TRIES people must look.
REST_SECONDS = 5.0
BRIEF_REST_SECONDS = 0.03
MOST_TRIES = 8
#: A thread looks up from its work this often, to see whether it shall stop.
LONGEST_RUN = 0.5


class Drain:
    """State shared by the threads of one process: which entries rest, and until when."""

    def __init__(self) -> None:
        self._resting: dict[int, float] = {}
        self.settled = 0

    def work(self) -> bool:
        """Settle for a while; whether there may be more."""
        until = time.monotonic() + LONGEST_RUN
        close_old_connections()
        try:
            # What a crash takes from an unflushed commit it takes whole: the entry waits again and is settled anew.
            with connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = off")
        except (OperationalError, InterfaceError):
            return False
        while time.monotonic() < until:
            try:
                entry = settle_next(resting=self._resting_now())
            except Passing as trouble:
                self._put_to_rest(trouble)
                if trouble.briefly:
                    continue
                return False
            if entry is not None:
                self.settled += 1
            elif self._rests_briefly():
                time.sleep(BRIEF_REST_SECONDS)
            else:
                return False
        return True

    def _resting_now(self) -> list[int]:
        if not self._resting:
            return []
        now = time.monotonic()
        for entry_id in [key for key, until in list(self._resting.items()) if until <= now]:
            self._resting.pop(entry_id, None)
        return list(self._resting)

    def _rests_briefly(self) -> bool:
        """Whether an entry that was only behind another one is about to have its turn."""
        soon = time.monotonic() + BRIEF_REST_SECONDS
        return any(until <= soon for until in list(self._resting.values()))

    def _put_to_rest(self, trouble: Passing) -> None:
        if trouble.entry_id is not None and trouble.briefly:
            self._resting[trouble.entry_id] = time.monotonic() + BRIEF_REST_SECONDS
            return
        log.warning("Settling waits: %s", trouble)
        if trouble.entry_id is None:
            return
        self._resting[trouble.entry_id] = time.monotonic() + REST_SECONDS
        try:
            if note_attempt(trouble.entry_id, "passing", str(trouble)) >= MOST_TRIES:
                give_up(trouble.entry_id, str(trouble))
        except (OperationalError, InterfaceError):
            log.warning("The base is away")


async def run(stop: asyncio.Event) -> None:
    """Drain until asked to stop."""
    drain, wake = Drain(), asyncio.Event()
    listener = asyncio.create_task(_listen(wake), name="intake.listen")
    try:
        await asyncio.gather(*(_keep_working(drain, wake, stop) for _ in range(THREADS)))
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


async def _keep_working(drain: Drain, wake: asyncio.Event, stop: asyncio.Event) -> None:
    """One thread with its own connection, which it closes in the end."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="intake.drain") as thread:
        try:
            while not stop.is_set():
                wake.clear()
                if not await loop.run_in_executor(thread, drain.work) and not stop.is_set():
                    await _wait(wake, stop)
        finally:
            thread.submit(connections.close_all)


async def _wait(wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Until woken, asked to stop, or the next poll."""
    waits = [asyncio.create_task(wake.wait()), asyncio.create_task(stop.wait())]
    await asyncio.wait(waits, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for task in waits:
        task.cancel()


async def _listen(wake: asyncio.Event) -> None:
    """Set `wake` at each notice; without a connection the poll does alone."""
    while True:
        try:
            async with await connect("intake drain") as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wake.set()
                async for _notice in connection.notifies():
                    wake.set()
        except (psycopg.Error, OSError):
            await asyncio.sleep(POLL_SECONDS)
