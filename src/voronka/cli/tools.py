"""Running a developer's tools from the checkout."""

import os
import subprocess
import sys
import time
from pathlib import Path

from voronka.cli.console import Failure, say
from voronka.cli.folder import checkout
from voronka.cli.words import _


def source_root() -> Path:
    """The checkout; these commands mean nothing for an installed wheel."""
    root = checkout()
    if root is None:
        raise Failure(_("This command works in a source checkout only."))
    return root


def tool(name: str) -> str:
    return str(Path(sys.prefix) / "bin" / name)


def passes(title: str, command: list[str], **environment: str) -> bool:
    """Run one check; its output is shown when it fails."""
    began = time.monotonic()
    result = subprocess.run(
        command,
        cwd=source_root(),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    report(title, result.returncode == 0, time.monotonic() - began)
    if result.returncode:
        say(result.stdout.rstrip())
    return result.returncode == 0


def report(title: str, good: bool, seconds: float) -> None:
    say(f"{'✓' if good else '✗'} {title} ({seconds:.1f} {_('s')})")
