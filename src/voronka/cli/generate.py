"""`voronka generate --deals N`: a company of any size in a data folder, for measuring and trying out."""

import argparse
import os
from pathlib import Path

from voronka.cli import database
from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure, say, step
from voronka.cli.environment import NOBODYS_KEY, SUPERVISED, named_folder
from voronka.cli.migrate import migrate
from voronka.cli.up import start_embedded, table
from voronka.cli.words import _

LEAST, MOST = 100, 5_000_000

#: Tables emptied and filled in one transaction need no log of their rows, only files synced at its end.
LOADING = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "512MB",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka generate", description=_("make a company of any size"))
    parser.add_argument("--deals", type=int, required=True, help=_("so many deals, and as many contacts"))
    parser.add_argument("--data", metavar="DIR", help=_("the data folder"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not LEAST <= options.deals <= MOST:
        parser.error(_("--deals is a number from {least} to {most}").format(least=LEAST, most=MOST))
    folder = named_folder(options.data)
    if outside := database.outside():
        database.prepare_outside(outside)
        fill(outside, folder.path, options)
        return 0
    folder.prepare()
    folder.lock()
    server, addresses = start_embedded(folder, settings=LOADING)
    try:
        fill(addresses, folder.path, options)
    finally:
        server.stop()
    say(_("Done. Start it with `voronka up --data {path}`.").format(path=folder.path))
    return 0


def fill(addresses: Addresses, data: Path, options: argparse.Namespace) -> None:
    if not database.is_migrated(addresses):
        with step(_("Migrating the base")):
            migrate(addresses, data=data)
    os.environ.update(addresses.owner_environment())
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "voronka.settings",
        "VORONKA_SECRET_KEY": NOBODYS_KEY,
        "VORONKA_DATA": str(data),
        SUPERVISED: "1",
    }
    import django

    django.setup()
    from voronka.presets.generated.build import NotOurs, build

    with step(_("Making a company of {n} deals").format(n=f"{options.deals:,}".replace(",", " "))) as note:
        try:
            logins = build(
                deals=options.deals, seed=options.seed, progress=lambda line: setattr(note, "text", line[:50])
            )
        except NotOurs as error:
            raise Failure(
                _("The base has a company that `voronka generate` has not made."),
                remedy=_("Name another folder with --data DIR."),
            ) from error
    for line in table([vars(login) for login in logins]):
        say("  " + line)
