"""`voronka wheel [FOLDER]`: build the wheel, with the bundle and the translations inside."""

import shutil
import subprocess
import sys
from pathlib import Path

from voronka.cli import assets
from voronka.cli.console import Failure, say, step
from voronka.cli.tools import source_root
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    root = source_root()
    target = Path(arguments[0]) if arguments else root / "dist"
    assets.ensure_built(strict=True)
    shutil.rmtree(target, ignore_errors=True)
    with step(_("Building the wheel")):
        result = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target.absolute())],
            cwd=root,
            capture_output=True,
            text=True,
        )
    if result.returncode:
        raise Failure(_("The wheel could not be built: {why}").format(why=result.stderr.strip()[-800:]))
    say(str(next(target.glob("*.whl"))))
    return 0
