"""`voronka test [PYTEST ARGS]`: all tests, in parallel, with what they need installed first."""

import os
import shutil
import subprocess
import sys

from voronka.cli import assets
from voronka.cli.console import Failure, say, step
from voronka.cli.tools import source_root
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    root = source_root()
    ensure_chromium()
    assets.ensure_built()
    parallel = [] if chooses_workers(arguments) else ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "loadfile"]
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "pytest", *parallel, *arguments], cwd=root).returncode


def chooses_workers(arguments: list[str]) -> bool:
    return any(word in ("-n", "--pdb", "--co", "--collect-only") or word.startswith("-n") for word in arguments)


def ensure_chromium() -> None:
    """The browser tests drive Debian's Chromium; root gets it installed, others are told how."""
    if shutil.which("chromium"):
        return
    remedy = "sudo apt install chromium"
    if os.geteuid() or not shutil.which("apt-get"):
        say(_("Chromium is missing, so the browser tests will fail: {remedy}").format(remedy=remedy))
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(_("Installing Chromium")):
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            result = subprocess.run(
                ["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
    if result.returncode:
        raise Failure(
            _("Chromium could not be installed: {why}").format(why=result.stderr.strip()[-400:]), remedy=remedy
        )
