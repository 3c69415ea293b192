"""The command `voronka`: one module a verb, each with `main(arguments) -> exit code`.

Modules are imported when their verb is called: `up` must start fast and needs neither Django nor
the tools of a developer.
"""

import errno
import sys
from importlib import import_module

from voronka.cli.console import Failure, complain
from voronka.cli.words import _

COMMANDS = {
    "up": ("voronka.cli.up", "start everything on one data folder"),
    "web": ("voronka.cli.serve", "the web server alone (needs DATABASE_URL)"),
    "worker": ("voronka.cli.work", "the job worker alone (needs DATABASE_URL)"),
    "migrate": ("voronka.cli.migrate", "prepare the database of DATABASE_URL"),
    "backup": ("voronka.cli.backup", "dump the base of a data folder into a file"),
    "restore": ("voronka.cli.restore", "put a dump back into a data folder"),
    "generate": ("voronka.cli.generate", "make a company of any size"),
    "manage": ("voronka.cli.manage", "any Django management command"),
    "messages": ("voronka.cli.messages", "extract texts and update the translations"),
    "check": ("voronka.cli.check", "linters, types, import rules, translations, migrations"),
    "test": ("voronka.cli.test", "all tests, in parallel"),
    "bench": ("voronka.cli.bench", "measure one of benches/"),
    "wheel": ("voronka.cli.wheel", "build the wheel with its assets"),
    "lock": ("voronka.cli.lock", "lock the dependencies of pyproject.toml again"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code of the process."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in ("-h", "--help", "help"):
        print(usage())
        return 0
    if name not in COMMANDS:
        print(f"voronka: {_('no such command')}: {name}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return import_module(COMMANDS[name][0]).main(rest) or 0
    except Failure as failure:
        complain(failure)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        full = _("The disk is full: {path}").format(path=error.filename or "")
        complain(Failure(full, remedy=_("Free some space and run the same command again.")))
        return 1
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    lines = [f"  voronka {name:<9} {_(about)}" for name, (_module, about) in COMMANDS.items()]
    return "\n".join([_("usage: voronka COMMAND [OPTIONS]"), *lines])
