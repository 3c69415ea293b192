"""Whole installations in folders of their own: slow to make, so one is made and copied."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benches.harness import RunningVoronka, free_port, is_up, remove, stop
from voronka.cli.processes import die_with_parent

START_SECONDS = 150


def eventually(happened: Callable[[], object], seconds: float = 30, explain: Callable[[], str] = str) -> object:
    """Poll until it is true; a time-out tells what was seen."""
    deadline = time.monotonic() + seconds
    while not (value := happened()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s. {explain()}")
        time.sleep(0.05)
    return value


def own_processes(folder: Path) -> list[int]:
    """Every process that works in the folder or names it: nothing else may."""
    mark = os.fsencode(folder)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if mark in words or os.readlink(entry / "cwd").startswith(str(folder)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


class Installation:
    """A data folder and the `voronka up` that runs on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.console = folder.with_name(folder.name + ".console")
        self.system: RunningVoronka | None = None

    def start(self) -> RunningVoronka:
        with self.console.open("ab") as out:
            process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=die_with_parent()
            )
        system = self.system = RunningVoronka(f"http://127.0.0.1:{self.port}", self.folder, process)
        # running.json is written once the processes are there, so `is_up` alone could meet an old server.
        eventually(
            lambda: process.poll() is not None or (system.pid("supervisor") == process.pid and is_up(system)),
            START_SECONDS,
            self.console.read_text,
        )
        assert process.poll() is None, self.console.read_text()
        return system

    def command(self, *more: str) -> list[str]:
        base = [sys.executable, "-m", "voronka", "up", "--data", str(self.folder), "--no-browser"]
        return [*base, "--port", str(self.port), *more]

    def refused(self, *more: str) -> str:
        """What `up` says when it refuses to start."""
        result = subprocess.run(self.command(*more), capture_output=True, text=True, timeout=START_SECONDS)
        assert result.returncode == 1, result.stdout + result.stderr
        return result.stderr

    def close(self) -> None:
        if self.system:
            stop(self.system.process)
        eventually(lambda: not own_processes(self.folder), 20, lambda: str(own_processes(self.folder)))
        remove(self.folder)


def forget_other_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    """These systems bring their own base; the address of the tests' base must not reach them."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "VORONKA_DB_ROLE", "VORONKA_DATA", "VORONKA_DB_POOL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_other_bases(monkeypatch)


@pytest.fixture(scope="session")
def _template() -> Iterator[Path]:
    """A data folder whose base is made and migrated."""
    place = Path(tempfile.mkdtemp(prefix="voronka-install-"))
    place.chmod(0o755)
    with pytest.MonkeyPatch.context() as monkeypatch:
        forget_other_bases(monkeypatch)
        first = Installation(place / "template")
        first.start()
        stop(first.system.process)
    yield first.folder
    shutil.rmtree(place, ignore_errors=True)


def copy_of(template: Path) -> Installation:
    place = Path(tempfile.mkdtemp(prefix="voronka-install-"))
    place.chmod(0o755)
    subprocess.run(["cp", "-a", template, place / "data"], check=True)
    return Installation(place / "data")


@pytest.fixture
def installation(_template: Path) -> Iterator[Installation]:
    """An installation that has been started once before; not running."""
    made = copy_of(_template)
    yield made
    made.close()
    shutil.rmtree(made.folder.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def running(_template: Path) -> Iterator[Installation]:
    """A running installation, shared by the tests of a file, each of which leaves it running."""
    made = copy_of(_template)
    with pytest.MonkeyPatch.context() as monkeypatch:
        forget_other_bases(monkeypatch)
        made.start()
    yield made
    made.close()
    shutil.rmtree(made.folder.parent, ignore_errors=True)
