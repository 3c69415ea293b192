"""The supervisor by itself, with small processes in the place of web and worker."""

import os
import signal
import sys
from pathlib import Path

import pytest

from voronka.cli import supervisor as supervisors
from voronka.cli.supervisor import BackOff, Child, Supervisor, turn_over

from .conftest import eventually


def child(tmp_path: Path, script: str, **options) -> Child:
    return Child("part", [sys.executable, "-c", script], dict(os.environ), tmp_path / "part.log", patience=2, **options)


def supervise(*children: Child) -> Supervisor:
    return Supervisor(postgres=None, children=list(children), on_change=lambda: None)


def test_what_ends_is_started_again(tmp_path: Path) -> None:
    part = child(tmp_path, "print('once', flush=True)")
    system = supervise(part)
    system.start()

    def ran_three_times() -> bool:
        system.tend()
        return (tmp_path / "part.log").read_text().count("once") >= 3

    eventually(ran_three_times, 20)
    assert part.deaths >= 2
    system.stop()


def test_what_does_not_want_to_leave_is_ended(tmp_path: Path) -> None:
    script = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "grandchild = subprocess.Popen(['sleep', '60']); print(grandchild.pid, flush=True); time.sleep(60)"
    )
    part = child(tmp_path, script)
    part.patience = 0.3
    system = supervise(part)
    system.start()
    grandchild = int(eventually(lambda: (tmp_path / "part.log").read_text().strip(), 10))
    pid = part.process.pid
    system.stop()
    for gone in (pid, grandchild):
        eventually(lambda gone=gone: not alive(gone), 5)


def alive(pid: int) -> bool:
    try:
        return Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_signal_stops_the_watch(tmp_path: Path) -> None:
    part = child(tmp_path, f"import os, signal, time; os.kill({os.getpid()}, signal.SIGUSR1); time.sleep(60)")
    system = supervise(part)
    before = signal.signal(signal.SIGUSR1, system._note_signal)
    try:
        system.start()
        system.run()
    finally:
        signal.signal(signal.SIGUSR1, before)
        system.stop()
    assert system.stopping


def test_pauses_grow_and_shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr(supervisors.time, "monotonic", lambda: moment[0])
    back_off = BackOff()
    pauses = []
    for _ in range(9):
        back_off.note_start()
        back_off.note_death()
        pauses.append(back_off.pause)
    assert pauses[0] == supervisors.FIRST_PAUSE and pauses[-1] == supervisors.LONGEST_PAUSE
    assert not back_off.ready()
    back_off.note_start()
    moment[0] += supervisors.HEALTHY_AFTER + 1
    back_off.note_death()
    assert back_off.pause == supervisors.FIRST_PAUSE


def test_a_large_log_is_turned_over_under_its_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisors, "LARGEST_LOG", 10)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        for number in range(6):
            writer.write(b"line number %d\n" % number)
            turn_over(log)
        writer.write(b"last\n")
    assert log.read_bytes() == b"last\n"
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    assert (tmp_path / "web.log.1").read_bytes() == b"line number 5\n"
