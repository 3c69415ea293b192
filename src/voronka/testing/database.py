"""One temporary PostgreSQL for a run of the tests; named with `-p` in pyproject.toml.

The process that collects starts it, the workers of xdist inherit its address and each make a base of
their own on it. With DATABASE_URL_TEST the run uses that server instead, whose login must be allowed
to create databases and, once, extensions in `template1`.

The address is set on import, since Django's settings are read before any conftest is.
"""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from voronka.cli import catalogues, database
from voronka.cli.embedded import EmbeddedPostgres

PREFIX = "voronka-test-"
PASSWORD = "only-for-one-run"
# The base lives in memory and for one run: nothing is to survive a crash.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "shared_preload_libraries": "''",
}


class RunDatabase:
    """The server of this run, started by the controlling process only."""

    def __init__(self) -> None:
        self.outside = os.environ.get("DATABASE_URL_TEST")
        self.is_worker = "PYTEST_XDIST_WORKER" in os.environ
        self.folder: Path | None = None
        self.server: EmbeddedPostgres | None = None
        os.environ.setdefault("VORONKA_SECRET_KEY", "only-for-tests")
        os.environ["VORONKA_DB_ROLE"] = os.environ["VORONKA_DB_POOL"] = ""
        if self.outside:
            os.environ["DATABASE_URL"] = self.outside
        elif not self.is_worker:
            self._choose_place()

    def _choose_place(self) -> None:
        memory = Path("/dev/shm")
        base = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
        remove_leftovers(base)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
        self.folder.chmod(0o755)
        os.environ["VORONKA_DATA"] = str(self.folder / "data")
        self.server = EmbeddedPostgres(
            self.folder / "postgres", password=PASSWORD, log=self.folder / "postgres.log", settings=SETTINGS
        )
        os.environ["DATABASE_URL"] = self.server.url(database.OWNER, PASSWORD, "voronka")

    def start(self) -> None:
        catalogues.compile_stale()
        if self.server:
            self.server.initialise()
            self.server.start()
            with database.connect(self.server.admin_url) as admin:
                database.ensure_login(admin, database.OWNER, PASSWORD)
                admin.execute("ALTER ROLE voronka_owner CREATEDB")
                admin.execute("CREATE DATABASE voronka OWNER voronka_owner")
        address = self.server.admin_url if self.server else str(self.outside)
        with psycopg.connect(on_base(address, "template1"), autocommit=True) as template:
            database.ensure_extensions(template)

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def on_base(url: str, name: str) -> str:
    """The same server and login, another base."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def remove_leftovers(base: Path) -> None:
    """Folders of runs that were killed."""
    for folder in base.glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


run_database = RunDatabase()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if not run_database.is_worker and not session.config.option.collectonly:
        run_database.start()


def pytest_unconfigure() -> None:
    if not run_database.is_worker:
        run_database.stop()
