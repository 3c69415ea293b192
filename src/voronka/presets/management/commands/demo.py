from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from voronka.presets import demo

_WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"


class Command(BaseCommand):
    help = "Fill an empty base with a living company and print its logins, once. No worker may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preset", default="quests", choices=sorted(demo.SCRIPTS))
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if self._workers():
            raise CommandError("A worker runs on this base: it would act today on what the demo does in the past.")
        try:
            logins = demo.build(preset=options["preset"], seed=options["seed"], progress=self.stderr.write)
        except demo.NotEmpty as error:
            raise CommandError(str(error)) from error
        for login in logins:
            self.stdout.write(f"{login.role:<15} {login.name:<20} {login.email:<28} {login.password}")

    def _workers(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_WORKERS)
            return cursor.fetchone()[0]
