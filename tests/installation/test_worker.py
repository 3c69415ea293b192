"""The worker's own upkeep: loops that fail come back, jobs of killed workers run again."""

import asyncio

import psycopg
import pytest
from django.db import connections, transaction

from voronka import worker
from voronka.notices.jobs import spread
from voronka.testing.browser import database_url


def test_a_loop_that_fails_or_ends_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, runs, waits = asyncio.Event(), [], []

    async def loop(event: asyncio.Event) -> None:
        runs.append(len(runs))
        if len(runs) == 1:
            raise ValueError("broken")
        if len(runs) == 3:
            event.set()

    async def no_pause(seconds: float, event: asyncio.Event) -> None:
        waits.append(seconds)

    monkeypatch.setattr(worker, "pause", no_pause)
    asyncio.run(worker.keep_running("loop", lambda: loop, stop))
    assert runs == [0, 1, 2]
    assert waits == [1.0, 2.0]


def test_a_loop_that_cannot_be_found_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = asyncio.Event()

    def find():
        raise ImportError("no such module")

    async def stop_soon(_seconds: float, event: asyncio.Event) -> None:
        event.set()

    monkeypatch.setattr(worker, "pause", stop_soon)
    asyncio.run(worker.keep_running("gone", find, stop))
    assert stop.is_set()


@pytest.mark.django_db(transaction=True)
def test_what_a_loop_queues_is_queued_in_its_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the job would run before what it is about is there."""
    queued: list[int] = []

    def count() -> int:
        with psycopg.connect(database_url(), autocommit=True) as base:
            return base.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()[0]

    def queue() -> None:
        try:
            with transaction.atomic():
                spread.defer(people=[0])
                queued.append(count())
                raise ZeroDivisionError
        except ZeroDivisionError:
            queued.append(count())
        finally:
            connections.close_all()

    async def loop(stop: asyncio.Event) -> None:
        await asyncio.to_thread(queue)
        stop.set()

    monkeypatch.setattr(worker, "background_loops", lambda _app: [("loop", lambda: loop)])
    assert asyncio.run(worker.work(concurrency=1)) == 0
    assert queued == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_given_back() -> None:
    url = database_url()
    with psycopg.connect(url, autocommit=True) as base:
        (killed,) = base.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        ).fetchone()
        (alive,) = base.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id"
        ).fetchone()
        for number in (killed, alive):
            base.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
                "VALUES ('default', 'any', 'doing', %s)",
                [number],
            )

    async def revive() -> None:
        from procrastinate import App, PsycopgConnector

        async with App(connector=PsycopgConnector(conninfo=url)).open_async() as app:
            await worker.revive_stalled(app)

    asyncio.run(revive())
    with psycopg.connect(url) as base:
        rows = base.execute("SELECT status, attempts FROM procrastinate_jobs ORDER BY id").fetchall()
    assert rows == [("todo", 1), ("doing", 0)]
