"""The worker process: queued jobs by procrastinate, and the background loops of `voronka.wiring`.

Any number of these may run against one base. Whatever ends here unasked ends the process with an
error, since a supervisor (ours, systemd, a container's) starts it again in a clean state.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from functools import partial

import django
from django.utils.module_loading import import_string
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector

from voronka import wiring

log = logging.getLogger("voronka.worker")

# Jobs that are scheduled, retried or were blocked by a lock wait for this poll; NOTIFY wakes the rest.
POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 2.0
# A worker silent for this long was killed: its jobs are given to another.
STALLED_SECONDS = 10.0
PRUNE_SECONDS = 600.0
KEEP_DONE_HOURS = 6
GRACE_SECONDS = 8.0
LONGEST_PAUSE = 30.0
READY = "The worker is ready"

Loop = Callable[[asyncio.Event], Awaitable[None]]
Named = tuple[str, Callable[[], Loop]]


def run(*, concurrency: int = 4) -> int:
    """Work until SIGTERM or SIGINT; return the exit code."""
    django.setup()
    return asyncio.run(work(concurrency=concurrency))


async def work(*, concurrency: int, stop: asyncio.Event | None = None) -> int:
    """Run jobs and loops until `stop` is set; 0 when it was asked to stop, else 1."""
    stop = stop or asyncio.Event()
    listen_for_signals(stop)
    # An app beside Django's, which tasks and loops go on queueing by: within their own transactions. On a connection of
    # the worker's own a job would run before what it is about is committed.
    app = jobs.with_connector(worker_connector())
    async with app.open_async():
        main = asyncio.create_task(run_jobs(app, concurrency), name="jobs")
        loops = [asyncio.create_task(keep_running(path, loop, stop), name=path) for path, loop in background_loops(app)]
        asked = asyncio.create_task(stop.wait())
        log.info(READY)
        await asyncio.wait({main, asked}, return_when=asyncio.FIRST_COMPLETED)
        unasked = not stop.is_set()
        if unasked and not main.cancelled() and main.exception():
            log.error("The job worker ended", exc_info=main.exception())
        stop.set()
        main.cancel()
        await asyncio.wait({main, *loops}, timeout=GRACE_SECONDS)
        for task in loops:
            task.cancel()
        asked.cancel()
    return 1 if unasked else 0


def worker_connector() -> BaseConnector:
    """A pool of asynchronous connections made from Django's settings."""
    connector = jobs.connector
    assert isinstance(connector, DjangoConnector)
    return connector.get_worker_connector()


def listen_for_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


async def run_jobs(app, concurrency: int) -> None:
    await app.run_worker_async(
        concurrency=concurrency,
        fetch_job_polling_interval=POLL_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=GRACE_SECONDS / 2,
        install_signal_handlers=False,
    )


def background_loops(app) -> list[Named]:
    """Our own upkeep of the queue, then what the wiring registers."""

    async def revive(stop: asyncio.Event) -> None:
        await every(STALLED_SECONDS, stop, lambda: revive_stalled(app))

    async def prune(stop: asyncio.Event) -> None:
        await every(PRUNE_SECONDS, stop, lambda: prune_done(app))

    upkeep: list[Named] = [("worker.revive", lambda: revive), ("worker.prune", lambda: prune)]
    return upkeep + [(path, partial(import_string, path)) for path in wiring.BACKGROUND]


async def every(seconds: float, stop: asyncio.Event, act: Callable[[], Awaitable[None]]) -> None:
    while not stop.is_set():
        await act()
        await pause(seconds, stop)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def keep_running(name: str, find: Callable[[], Loop], stop: asyncio.Event) -> None:
    """Start a loop again when it fails: one broken loop must not take the others with it."""
    wait = 1.0
    while not stop.is_set():
        try:
            await find()(stop)
            if stop.is_set():
                return
            log.error("The loop %s ended by itself, starting it again in %s s", name, wait)
        except Exception:
            log.exception("The loop %s failed, starting it again in %s s", name, wait)
        await pause(wait, stop)
        wait = min(wait * 2, LONGEST_PAUSE)


async def revive_stalled(app) -> None:
    """Give the jobs of killed workers back to the queue; that is why every handler is idempotent."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("The job %s of a killed worker runs again", job.id)
        await app.job_manager.retry_job(job)


async def prune_done(app) -> None:
    """A long table of done jobs makes claiming the next one slow."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)
