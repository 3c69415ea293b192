"""`voronka migrate`: roles, rights and tables of the base named by DATABASE_URL."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from voronka.cli import database
from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure, step
from voronka.cli.environment import NOBODYS_KEY, SUPERVISED, named_folder
from voronka.cli.words import _

# A change that finds its table in use lets the others pass and tries again.
LOCKED = "LockNotAvailable"
MOST_TURNS, PAUSE_SECONDS = 30, 2.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka migrate", description=_("prepare the database of DATABASE_URL"))
    parser.add_argument("--data", metavar="DIR")
    options = parser.parse_args(arguments)
    folder = named_folder(options.data)
    addresses = database.outside()
    if addresses is None:
        raise Failure(_("DATABASE_URL is not set."), remedy=_("The embedded base is migrated by `voronka up` itself."))
    with step(_("Preparing roles and rights")):
        database.prepare_outside(addresses)
    with step(_("Migrating the base")):
        migrate(addresses, data=folder.path)
    return 0


def migrate(addresses: Addresses, *, data: Path, log: Path | None = None) -> None:
    """Bring the tables up to this code, in a process of its own with the owner's rights."""
    environment = {
        "VORONKA_SECRET_KEY": NOBODYS_KEY,
        "VORONKA_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "voronka.settings",
        **os.environ,
        **addresses.owner_environment(),
        SUPERVISED: "1",
        "VORONKA_MIGRATING": "1",
    }
    for _turn in range(MOST_TURNS):
        result = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity", "1"],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if log:
            log.write_text(result.stdout + result.stderr)
        if LOCKED not in result.stderr:
            break
        time.sleep(PAUSE_SECONDS)
    if result.returncode:
        raise Failure(
            _("The base could not be migrated: {why}").format(
                why="\n".join((result.stderr or result.stdout).strip().splitlines()[-6:])
            ),
            remedy=_("The whole log: {path}").format(path=log) if log else "",
        )
    database.after_migration(addresses)
