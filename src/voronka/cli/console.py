"""What the console shows: a line for each step, and a failure that says what to do."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from voronka.cli.words import _


class Failure(Exception):
    """A refusal or a failed step, told in one sentence, with what to do about it."""

    def __init__(self, what: str, *, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def complain(failure: Failure) -> None:
    print(f"\n✗ {failure.what}", file=sys.stderr)
    if failure.remedy:
        print(f"  {failure.remedy}", file=sys.stderr)


def say(line: str = "") -> None:
    print(line, flush=True)


class Note:
    """How far a long step has come: shown beside its title on a terminal."""

    text = ""


@contextmanager
def step(title: str) -> Iterator[Note]:
    """Show one line with the seconds it takes, ticking on a terminal, once in a log."""
    began, done, note = time.monotonic(), threading.Event(), Note()
    live = sys.stdout.isatty()

    def draw(mark: str, end: str = "") -> None:
        seconds = time.monotonic() - began
        start = "\r\x1b[2K" if live else ""
        far = f" {note.text}" if note.text and not end else ""
        print(f"{start}{mark} {title}… {seconds:.0f} {_('s')}{far}", end=end, flush=True)

    def tick() -> None:
        while not done.wait(0.5):
            draw(" ")

    ticker = threading.Thread(target=tick, daemon=True)
    if live:
        ticker.start()
    mark = "✗"
    try:
        yield note
        mark = "✓"
    finally:
        done.set()
        if live:
            ticker.join()
        draw(mark, end="\n")
