"""`voronka restore FILE`: put a dump into an empty data folder, or into an empty outside base."""

import argparse
from pathlib import Path

from voronka.cli import database
from voronka.cli.addresses import Addresses
from voronka.cli.backup import client
from voronka.cli.console import Failure, say, step
from voronka.cli.environment import named_folder
from voronka.cli.up import start_embedded
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka restore", description=_("put a dump back into a data folder"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", metavar="DIR")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        raise Failure(_("There is no file {path}.").format(path=options.file))
    if outside := database.outside():
        database.prepare_outside(outside)
        fill(outside, options.file)
        return 0
    folder = named_folder(options.data)
    folder.prepare()
    folder.lock()
    server, addresses = start_embedded(folder)
    try:
        fill(addresses, options.file)
    finally:
        server.stop()
    say(_("Done. Start it with `voronka up --data {path}`.").format(path=folder.path))
    return 0


def fill(addresses: Addresses, file: Path) -> None:
    with database.connect(addresses.owner) as base:
        row = base.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert row is not None
        if row[0]:
            raise Failure(
                _("The base is not empty: it has {n} tables. A dump is never put over another base.").format(n=row[0]),
                remedy=_("Name an empty folder with --data DIR, and start from it when it is restored."),
            )
    with step(_("Restoring the base")):
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        client("pg_restore", *options, "--schema=public", f"--dbname={addresses.owner}", str(file))
        database.after_restore(addresses)
