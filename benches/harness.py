"""What the measurements share: a whole system on a folder of its own, and a result with its target."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from voronka.cli.folder import DataFolder
from voronka.cli.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120


@dataclass
class Result:
    """Figures in the order they are to be read, and whether each target holds."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict)
    targets: dict[str, bool] = field(default_factory=dict)

    def note(self, figure: str, value: Any, *, holds: bool | None = None) -> None:
        """Keep a figure; with `holds`, it is a target that holds or not."""
        self.figures[figure] = round(value, 4) if isinstance(value, float) else value
        if holds is not None:
            self.targets[figure] = holds

    @property
    def holds(self) -> bool:
        return all(self.targets.values())

    def lines(self) -> Iterator[str]:
        width = max((len(name) for name in self.figures), default=0)
        for name, value in self.figures.items():
            mark = {True: " ✓", False: " ✗", None: ""}[self.targets.get(name)]
            yield f"{name.ljust(width)}  {value}{mark}"

    def as_json(self) -> dict[str, Any]:
        return {"bench": self.name, "holds": self.holds, **self.figures}


@dataclass
class RunningVoronka:
    """A started system: where it answers, its folder and its processes."""

    base_url: str
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def state(self) -> dict[str, Any]:
        """What the supervisor says now: `supervisor`, `web`, `worker`, `postgres` (pids), the base's addresses."""
        return DataFolder(self.data).read_state()

    @property
    def database_url(self) -> str:
        """The base as the application sees it."""
        return self.state["app_url"]

    @property
    def owner_url(self) -> str:
        """The base as its owner: for setting up and for counting."""
        return self.state["owner_url"]

    def pid(self, name: str) -> int | None:
        """The process of `web`, `worker`, `postgres` or `supervisor`; None while it is being started again."""
        return self.state.get(name)

    def web_pids(self) -> list[int]:
        """The web server and the processes in which it runs our code."""
        owner = self.pid("web")
        return [owner, *children(owner)] if owner else []

    def kill(self, name: str) -> int | None:
        """kill -9 one part; of the web server the owner of the port. Return the pid that was hit."""
        pid = self.pid(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return pid

    def connect(self, *, owner: bool = False) -> psycopg.Connection:
        return psycopg.connect(self.owner_url if owner else self.database_url, autocommit=True)

    def log(self, name: str, lines: int = 30) -> str:
        """The end of the log of `web`, `worker` or `postgres`."""
        return "\n".join((self.data / "logs" / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(number) for number in found.split()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_voronka(
    *, preset: str = "", demo: bool = False, data: Path | None = None, keep: bool = False, **environment: str
) -> Iterator[RunningVoronka]:
    """Start `voronka up` on an empty folder and a free port; stop it and remove the folder afterwards."""
    folder = data or Path(tempfile.mkdtemp(prefix="voronka-bench-"))
    folder.chmod(0o755)
    port = free_port()
    command = [sys.executable, "-m", "voronka", "up", "--data", str(folder), "--port", str(port), "--no-browser"]
    command += (["--preset", preset] if preset else []) + (["--demo"] if demo else [])
    console = folder / "console.log"
    with console.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    system = RunningVoronka(f"http://127.0.0.1:{port}", folder, process)
    try:
        wait_until(lambda: is_up(system), START_SECONDS, console.read_text)
        yield system
    finally:
        stop(process)
        if not keep:
            remove(folder)


def is_up(system: RunningVoronka) -> bool:
    if system.process.poll() is not None:
        raise RuntimeError((system.data / "console.log").read_text())
    try:
        return httpx.get(f"{system.base_url}/healthz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def wait_until(happened: Callable[[], bool], seconds: float, explain: Callable[[], str] = str) -> float:
    """Wait for it and return how long it took; a time-out tells what was seen last."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds} s\n{explain()}")
        time.sleep(0.02)
    return time.monotonic() - began


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def remove(folder: Path) -> None:
    home = folder / "postgres"
    if home.is_symlink():
        shutil.rmtree(home.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the sorted values lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
