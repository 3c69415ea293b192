"""One temporary PostgreSQL for a run of the tests; named with `-p` in pyproject.toml.

The process that collects starts it, the workers of xdist inherit its address and each make a base of
their own on it, as a copy of one that has been migrated. The folder of that server is kept in the virtual
environment until the schema changes. With DATABASE_URL_TEST the run uses that server instead, whose login must
be allowed to create databases and, once, extensions in `template1`; there every worker migrates.

The address is set on import, since Django's settings are read before any conftest is.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from voronka.cli import catalogues, database
from voronka.cli.embedded import EmbeddedPostgres
from voronka.cli.tools import source_root

PREFIX = "voronka-test-"
PASSWORD = "only-for-one-run"
#: The base that workers copy, and in their environment its name.
MIGRATED, TEMPLATE = "voronka_migrated", "VORONKA_TEST_TEMPLATE"
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
        if self.server is None:
            with psycopg.connect(on_base(str(self.outside), "template1"), autocommit=True) as template:
                database.ensure_extensions(template)
            return
        kept = source_root() / ".venv" / "test-base" / schema_print()
        if not kept.exists():
            make_kept(kept)
        subprocess.run(["cp", "-a", kept / "base", kept / "ready", self.server.home], check=True)
        os.environ[TEMPLATE] = MIGRATED
        self.server.start()

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def schema_print() -> str:
    """What the migrated base follows from: migrations, roles and the versions of packages."""
    root = source_root()
    files = sorted((root / "src" / "voronka").glob("*/migrations/*.py"))
    files += [Path(database.__file__), Path(__file__), root / "locks" / "run.txt"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def make_kept(kept: Path) -> None:
    """The folder of a stopped server with the migrated base; those of earlier schemas go."""
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as folder:
        Path(folder).chmod(0o755)
        log = Path(folder) / "postgres.log"
        server = EmbeddedPostgres(Path(folder) / "postgres", password=PASSWORD, log=log, settings=SETTINGS)
        server.initialise()
        server.start()
        try:
            with database.connect(on_base(server.admin_url, "template1")) as template:
                database.ensure_extensions(template)
            with database.connect(server.admin_url) as admin:
                database.ensure_login(admin, database.OWNER, PASSWORD)
                admin.execute("ALTER ROLE voronka_owner CREATEDB")
                for name in ("voronka", MIGRATED):
                    admin.execute(f"CREATE DATABASE {name} OWNER voronka_owner")
            address = server.url(database.OWNER, PASSWORD, MIGRATED)
            command = [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity", "0"]
            environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "voronka.settings"}
            subprocess.run(command, cwd=source_root(), env=environment, check=True)
        finally:
            server.stop()
        shutil.rmtree(kept.parent, ignore_errors=True)
        half = kept.with_suffix(f".{os.getpid()}")
        half.mkdir(parents=True)
        subprocess.run(["cp", "-a", server.home / "base", server.home / "ready", half], check=True)
        half.rename(kept)


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
