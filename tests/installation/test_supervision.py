"""A whole system: what is killed comes back, what is stopped leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from benches.harness import is_up, remove
from voronka.cli.folder import DataFolder
from voronka.cli.up import start_embedded

from .conftest import Installation, eventually, own_processes

pytestmark = pytest.mark.installation


def comes_back(system, name: str, killed: int) -> None:
    eventually(lambda: system.pid(name) not in (None, killed), 30, lambda: system.log(name))
    eventually(lambda: is_up(system), 30, lambda: system.log("web"))


def migrations(system) -> int:
    with psycopg.connect(system.database_url) as base:
        return base.execute("SELECT count(*) FROM django_migrations").fetchone()[0]


def test_a_second_up_is_told_who_runs_where(running: Installation) -> None:
    said = running.refused()
    assert str(running.system.process.pid) in said and running.system.base_url in said
    assert is_up(running.system)


def test_the_application_is_neither_owner_nor_superuser(running: Installation) -> None:
    with psycopg.connect(running.system.database_url, autocommit=True) as base:
        rights = base.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            base.execute("DROP TABLE django_migrations")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            base.execute("CREATE TABLE public.mine (id int)")


def test_the_logs_tell_no_secret(running: Installation) -> None:
    known = running.folder / "secrets.json"
    assert known.stat().st_mode & 0o077 == 0
    logs = "".join(running.system.log(name, 500) for name in ("web", "worker", "postgres"))
    written = running.console.read_text() + logs
    assert not [name for name, value in json.loads(known.read_text()).items() if value in written]


@pytest.mark.parametrize("name", ["web", "worker", "postgres"])
def test_whatever_is_killed_comes_back(running: Installation, name: str) -> None:
    system = running.system
    eventually(lambda: system.pid(name), 20)
    before, web = migrations(system), system.web_pids()
    comes_back(system, name, system.kill(name))
    assert migrations(system) == before
    if name == "web":
        assert len(web) > 1
        eventually(lambda: not set(web) & set(own_processes(running.folder)), 5)


def test_a_backup_is_restored_into_an_empty_folder(running: Installation, tmp_path: Path) -> None:
    with psycopg.connect(running.system.owner_url, autocommit=True) as base:
        base.execute("CREATE TABLE kept AS SELECT 'Час Икс' AS name")
    dump, target = tmp_path / "base.dump", DataFolder(running.folder.with_name("restored"))
    assert voronka("backup", dump, "--data", running.folder).returncode == 0
    assert dump.stat().st_mode & 0o077 == 0
    assert voronka("restore", dump, "--data", target.path).returncode == 0
    again = voronka("restore", dump, "--data", target.path)
    assert again.returncode == 1 and "is not empty" in again.stderr
    server, addresses = start_embedded(target)
    try:
        with psycopg.connect(addresses.app) as base:
            assert base.execute("SELECT name FROM kept").fetchone() == ("Час Икс",)
    finally:
        server.stop()
        remove(target.path)


def voronka(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "voronka", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=dict(os.environ))


def test_a_killed_supervisor_leaves_a_base_that_starts_again(installation: Installation) -> None:
    system = installation.start()
    before = migrations(system)
    system.process.send_signal(signal.SIGKILL)
    system.process.wait()
    eventually(lambda: not own_processes(installation.folder), 15)
    again = installation.start()
    assert migrations(again) == before
    stops_without_a_trace(installation, signal.SIGINT)


def test_a_stop_by_the_system_leaves_no_process(running: Installation) -> None:
    stops_without_a_trace(running, signal.SIGTERM)


def stops_without_a_trace(installation: Installation, how: int) -> None:
    process = installation.system.process
    process.send_signal(how)
    assert process.wait(20) == 0
    assert own_processes(installation.folder) == []
    assert not (installation.folder / "postgres" / "base" / "postmaster.pid").exists()
    assert "Stopping" in installation.console.read_text()
