"""Migrate: from the first schema to today's on a full base, while people read, write and run long reports.

Nobody at work may wait longer than a migration waits for its lock, which is two seconds.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from benches.harness import Result
from benches.parts.ground import fill, migrate_to_ground
from voronka.cli import database
from voronka.cli.addresses import Addresses
from voronka.cli.embedded import EmbeddedPostgres
from voronka.cli.migrate import migrate

PASSWORD = "only-for-one-run"
DEALS, QUICK_DEALS = 1_000_000, 50_000
LONGEST_WAIT = 2.5
REPORT_SECONDS, BETWEEN_REPORTS = 3.0, 4.0

READ = "SELECT id, title, amount FROM deals_deal WHERE stage_id = 3 ORDER BY next_step_at, id LIMIT 40"
WRITE = "UPDATE deals_deal SET amount = amount + 1 WHERE id = %s"
REPORT = f"SELECT count(*), pg_sleep({REPORT_SECONDS}) FROM (SELECT 1 FROM deals_deal, tasks_task LIMIT 1) AS held"


def main(*, quick: bool = False) -> Result:
    result = Result("migrate")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres", password=PASSWORD, log=Path(folder) / "postgres.log")
        server.initialise()
        server.start()
        try:
            _measure(result, server, Path(folder), QUICK_DEALS if quick else DEALS)
        finally:
            server.stop()
    return result


def _measure(result: Result, server: EmbeddedPostgres, folder: Path, deals: int) -> None:
    database.prepare_embedded(server.admin_url, owner_password=PASSWORD, app_password=PASSWORD)
    owner = server.url(database.OWNER, PASSWORD, database.DATABASE)
    migrate_to_ground(owner)
    fill(server.url("postgres", PASSWORD, database.DATABASE), deals)
    result.note("deals", deals)
    addresses = Addresses(owner=owner, app=server.url(database.APP, PASSWORD, database.DATABASE))
    with Colleagues(owner) as colleagues:
        time.sleep(1.0)
        began = time.perf_counter()
        migrate(addresses, data=folder)
        result.note("migrated_s", time.perf_counter() - began)
    result.note("statements_meanwhile", len(colleagues.waits), holds=bool(colleagues.waits))
    result.note(
        "longest_wait_s", max(colleagues.waits, default=0.0), holds=max(colleagues.waits, default=9) <= LONGEST_WAIT
    )
    result.note("failed", len(colleagues.faults), holds=not colleagues.faults)


class Colleagues:
    """People at work for the time of the block: their statements' durations in seconds."""

    def __init__(self, url: str) -> None:
        self._url, self._over = url, threading.Event()
        self.waits: list[float] = []
        self.faults: list[str] = []
        self._threads = [threading.Thread(target=self._work, args=[act]) for act in (self._click, self._report)]

    def __enter__(self) -> "Colleagues":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, act: Callable[[psycopg.Connection], None]) -> None:
        with psycopg.connect(self._url, autocommit=True) as base:
            while not self._over.is_set():
                try:
                    act(base)
                except psycopg.Error as error:
                    self.faults.append(str(error))
                    self._over.wait(1.0)

    def _click(self, base: psycopg.Connection) -> None:
        for statement, values in ((READ, []), (WRITE, [1 + len(self.waits) % 1000])):
            began = time.perf_counter()
            base.execute(statement, values)
            self.waits.append(time.perf_counter() - began)
        self._over.wait(0.02)

    def _report(self, base: psycopg.Connection) -> None:
        base.execute(REPORT)
        self._over.wait(BETWEEN_REPORTS)
