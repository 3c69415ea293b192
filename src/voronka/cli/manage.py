"""`voronka manage …`: Django's management commands with our settings."""

import os

from django.core.management import execute_from_command_line


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.settings")
    execute_from_command_line(["voronka manage", *arguments])
    return 0
