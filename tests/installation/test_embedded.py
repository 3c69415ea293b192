"""The embedded PostgreSQL under our own supervision."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from voronka.cli.console import Failure
from voronka.cli.embedded import EmbeddedPostgres, reachable

from .conftest import eventually


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A fresh cluster, made once; each test works on a copy."""
    with tempfile.TemporaryDirectory(prefix="voronka-pg-") as folder:
        Path(folder).chmod(0o755)
        make(Path(folder)).initialise()
        yield Path(folder) / "postgres"


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="voronka-pg-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def server(home: Path, cluster: Path) -> Iterator[EmbeddedPostgres]:
    subprocess.run(["cp", "-a", cluster, home], check=True)
    made = make(home)
    yield made
    made.stop()


def make(home: Path) -> EmbeddedPostgres:
    settings = {"fsync": "off", "shared_buffers": "16MB"}
    return EmbeddedPostgres(home / "postgres", password="a b/c@d", log=home / "postgres.log", settings=settings)


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.admin_url, autocommit=True) as base:
        return base.execute(question).fetchone()[0]


def test_it_speaks_russian_and_listens_to_no_network(server: EmbeddedPostgres) -> None:
    server.start()
    assert ask(server, "SELECT lower('ЁЖ')") == "ёж"
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW server_encoding") == "UTF8"
    with psycopg.connect(server.admin_url, autocommit=True) as base:
        base.execute("CREATE EXTENSION pg_trgm")
        assert base.execute("SELECT similarity('Воронка', 'воронки') > 0.3").fetchone() == (True,)


def test_it_never_runs_as_root(server: EmbeddedPostgres) -> None:
    server.start()
    assert os.stat(f"/proc/{server.process.pid}").st_uid != 0 or os.geteuid() != 0
    assert server.base.stat().st_mode & 0o077 == 0


def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    server.start()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url("postgres", "wrong", "postgres"))


def test_committed_rows_survive_a_kill(server: EmbeddedPostgres) -> None:
    server.start()
    with psycopg.connect(server.admin_url, autocommit=True) as base:
        base.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server.process.kill()
    server.process.wait()
    server.start()
    assert ask(server, "SELECT answer FROM kept") == 42


def test_an_orphan_of_a_killed_supervisor_is_taken_over(server: EmbeddedPostgres) -> None:
    """Started without the kernel's help, so that it does outlive the one who started it."""
    orphan = subprocess.Popen(
        [server.binaries / "postgres", "-D", server.base, "-c", "listen_addresses=", "-k", "/tmp"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **server._as_user(),
    )
    eventually(lambda: server.pid_in_file() == orphan.pid and len(list(server.orphans())) > 3)
    server.start()
    assert orphan.wait(5) == 0
    assert server.process.pid == server.pid_in_file()


def test_it_goes_when_its_supervisor_is_killed(server: EmbeddedPostgres, home: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tests.installation.test_embedded import make;"
        "make(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE)
    assert supervisor.stdout.readline() == b"up\n"
    assert list(server.orphans())
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: not list(server.orphans()), 10)


def test_a_stale_pid_file_of_a_stranger_is_no_obstacle(server: EmbeddedPostgres) -> None:
    """After a reboot the number may be anybody's: here it is this very test's."""
    (server.base / "postmaster.pid").write_text(f"{os.getpid()}\n{server.base}\n")
    server.start()
    assert server.answers()
    os.kill(os.getpid(), 0)


def test_a_half_made_cluster_is_made_again(server: EmbeddedPostgres) -> None:
    (server.home / "ready").unlink()
    (server.base / "global" / "pg_control").unlink()
    assert not server.initialised
    server.initialise()
    server.start()
    assert server.answers()


def test_another_major_version_is_not_touched(server: EmbeddedPostgres) -> None:
    version = server.base / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(Failure, match="14"):
        server.refuse_other_major()


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.settings["shared_buffers"] = "nonsense"
    with pytest.raises(Failure, match="shared_buffers"):
        server.start()


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("длинная-папка" * 4)
    deep.mkdir(mode=0o755)
    server = make(deep)
    server.initialise()
    server.start()
    try:
        assert server.answers()
        assert len(os.fsencode(server.sockets)) < 90
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a server of another user")
def test_a_closed_folder_of_root_holds_a_link(home: Path) -> None:
    home.chmod(0o700)
    server = make(home)
    assert (home / "postgres").is_symlink()
    assert reachable(server.home, server.user)
    server.home.rmdir()
