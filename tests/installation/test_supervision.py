"""One whole system: what is killed comes back, what is stopped leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys

import psycopg
import pytest

from benches.harness import is_up

from .conftest import Installation, eventually, own_processes

pytestmark = pytest.mark.installation


def comes_back(system, name: str, killed: int) -> None:
    eventually(lambda: system.pid(name) not in (None, killed), 20, lambda: system.log(name))
    eventually(lambda: is_up(system), 30, lambda: system.log("web"))


def committed(system) -> int:
    with psycopg.connect(system.database_url) as base:
        return base.execute("SELECT count(*) FROM django_migrations").fetchone()[0]


def test_whatever_is_killed_comes_back(installation: Installation) -> None:
    system = installation.start()
    before = committed(system)
    for name in ("web", "worker", "postgres"):
        eventually(lambda name=name: system.pid(name), 20)
        comes_back(system, name, system.kill(name))
    assert committed(system) == before


def test_web_processes_do_not_outlive_their_server(installation: Installation) -> None:
    system = installation.start()
    old = system.web_pids()
    assert len(old) > 1
    killed = system.kill("web")
    comes_back(system, "web", killed)
    eventually(lambda: not set(old) & set(own_processes(installation.folder)), 5)


def test_a_killed_supervisor_leaves_a_base_that_starts_again(installation: Installation) -> None:
    system = installation.start()
    before = committed(system)
    system.process.send_signal(signal.SIGKILL)
    system.process.wait()
    eventually(lambda: not own_processes(installation.folder), 15)
    assert committed(installation.start()) == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process(installation: Installation, how: int) -> None:
    system = installation.start()
    system.process.send_signal(how)
    assert system.process.wait(20) == 0
    assert own_processes(installation.folder) == []
    assert not (installation.folder / "postgres" / "base" / "postmaster.pid").exists()
    assert "Stopping" in installation.console.read_text()


def test_a_second_up_is_told_who_runs_where(installation: Installation) -> None:
    system = installation.start()
    said = installation.refused()
    assert str(system.process.pid) in said and system.base_url in said
    assert is_up(system)


def test_the_console_tells_no_secret(installation: Installation) -> None:
    system = installation.start()
    known = installation.folder / "secrets.json"
    assert known.stat().st_mode & 0o077 == 0
    secrets = json.loads(known.read_text())
    written = installation.console.read_text() + "".join(
        system.log(name, 500) for name in ("web", "worker", "postgres")
    )
    assert not [name for name, value in secrets.items() if value in written]


def test_a_backup_is_restored_into_an_empty_folder(installation: Installation, tmp_path) -> None:
    system = installation.start()
    with psycopg.connect(system.owner_url, autocommit=True) as base:
        base.execute("CREATE TABLE kept AS SELECT 'Час Икс' AS name")
    dump, target = tmp_path / "base.dump", installation.folder.with_name("restored")
    run("backup", str(dump), "--data", str(installation.folder))
    assert dump.stat().st_mode & 0o077 == 0
    assert "is not empty" in run("restore", str(dump), "--data", str(target), twice=True)
    restored = Installation(target)
    try:
        with psycopg.connect(restored.start().database_url) as base:
            assert base.execute("SELECT name FROM kept").fetchone() == ("Час Икс",)
    finally:
        restored.close()


def run(*arguments: str, twice: bool = False) -> str:
    command = [sys.executable, "-m", "voronka", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=dict(os.environ), timeout=60)
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stderr if twice else ""
