"""`voronka manage …`: Django's management commands, as the owner of the base.

`--data DIR` before the command names the folder of a running system; without a running one the
commands that need no base (makemigrations, check, shell) still work.
"""

import sys

from voronka.cli.environment import become_owner, named_folder


def main(arguments: list[str]) -> int:
    data = None
    if arguments[:1] == ["--data"]:
        data, arguments = arguments[1], arguments[2:]
    become_owner(named_folder(data))
    from django.core.management import execute_from_command_line

    sys.argv = ["voronka manage", *arguments]
    execute_from_command_line(sys.argv)
    return 0
