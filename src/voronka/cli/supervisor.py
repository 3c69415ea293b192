"""The supervisor: PostgreSQL, web and worker are its children; what dies is started again.

Children live in sessions of their own, so Ctrl+C in the terminal reaches only the supervisor, which
stops them in order. The kernel kills them when the supervisor is killed. Their output goes straight
to files, so nothing breaks when the supervisor is gone, and the files are turned over by size.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from voronka.cli.console import Failure, say
from voronka.cli.embedded import EmbeddedPostgres
from voronka.cli.processes import die_with_parent
from voronka.cli.words import _

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
HEALTHY_AFTER = 30.0
LARGEST_LOG = 10 * 2**20
KEPT_LOGS = 3


class BackOff:
    """When a thing may be started, and started again: soon at first, then ever later."""

    def __init__(self, delay: float = 0.0) -> None:
        self.pause = 0.0
        self.started = time.monotonic()
        self.due = self.started + delay

    def note_start(self) -> None:
        self.started = time.monotonic()

    def note_death(self) -> None:
        lived = time.monotonic() - self.started
        calm = lived > HEALTHY_AFTER or not self.pause
        self.pause = FIRST_PAUSE if calm else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause

    def ready(self) -> bool:
        return time.monotonic() >= self.due


@dataclass
class Child:
    """One process of ours, its log, and how long it may take to leave."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    patience: float
    process: subprocess.Popen[bytes] | None = None
    back_off: BackOff = field(default_factory=BackOff)
    deaths: int = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        self.back_off.note_start()

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """Note the death and end whatever of its session outlived it."""
        assert self.process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None
        self.deaths += 1
        self.back_off.note_death()

    def ask_to_leave(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def wait_gone(self) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_words(self, lines: int = 12) -> str:
        with suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


class Supervisor:
    """Keeps the system running until it is told to stop."""

    def __init__(
        self,
        *,
        postgres: EmbeddedPostgres | None,
        children: list[Child],
        on_change: Callable[[], None],
    ) -> None:
        self.postgres, self.children, self.on_change = postgres, children, on_change
        self.postgres_back_off = BackOff()
        self.signals = 0
        self._wake_read, self._wake_write = socket.socketpair()
        for end in (self._wake_read, self._wake_write):
            end.setblocking(False)

    def listen_to_signals(self) -> None:
        """From here on a signal is a wish to stop, noticed between two steps."""
        signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _note_signal(self, *_unused: object) -> None:
        self.signals += 1

    @property
    def stopping(self) -> bool:
        return self.signals > 0

    def start(self) -> None:
        """Start all that is due; `tend` starts the rest in its time."""
        for child in self.children:
            if child.back_off.ready():
                child.start()
        self.on_change()

    def run(self) -> None:
        """Restart what dies, until a signal comes."""
        while not self.stopping:
            self.tend()
            self.pause(1.0)

    def pause(self, seconds: float) -> None:
        """Sleep, but wake at once when a child dies or a signal comes."""
        waiting = [child for child in self.children if child.process is None]
        if waiting:
            seconds = min(seconds, FIRST_PAUSE)
        select.select([self._wake_read], [], [], seconds)
        with suppress(BlockingIOError):
            while self._wake_read.recv(4096):
                pass

    def tend(self) -> None:
        self._tend_postgres()
        for child in self.children:
            if child.has_died():
                assert child.process is not None
                code = child.process.returncode
                child.bury()
                pause = child.back_off.pause
                say(
                    _("{name} ended (code {code}), starting it again in {pause} s").format(
                        name=child.name, code=code, pause=f"{pause:.1f}"
                    )
                )
            if child.process is None and child.back_off.ready():
                child.start()
                self.on_change()
            turn_over(child.log)

    def _tend_postgres(self) -> None:
        server = self.postgres
        if server is None:
            return
        if server.process is not None and server.process.poll() is not None:
            say(_("PostgreSQL ended (code {code}), starting it again").format(code=server.process.returncode))
            server.process = None
            self.postgres_back_off.note_death()
        if server.process is None and self.postgres_back_off.ready():
            try:
                server.start()
                self.postgres_back_off.note_start()
            except Failure as failure:
                say(f"{failure.what} {failure.remedy}")
                server.process = None
                self.postgres_back_off.note_death()
            self.on_change()
        turn_over(server.log)

    def stop(self) -> None:
        """Web and worker first, together; then the server, when nobody needs it any more."""
        for child in self.children:
            child.ask_to_leave()
        for child in self.children:
            child.wait_gone()
        if self.postgres:
            self.postgres.stop()

    def pids(self) -> dict[str, int | None]:
        found = {child.name: child.process.pid if child.process else None for child in self.children}
        if self.postgres:
            process = self.postgres.process
            found["postgres"] = process.pid if process else None
        return found


def turn_over(log: Path) -> None:
    """Keep a log small: copy it aside and empty it; writers append, so they go on undisturbed.

    On a full disk the copy fails, and emptying is what helps.
    """
    with suppress(OSError):
        if log.stat().st_size < LARGEST_LOG:
            return
        for number in range(KEPT_LOGS - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{number + 1}"))
        with suppress(OSError):
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)
