from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voronka.presets import demo


class Command(BaseCommand):
    help = "Fill an empty base with a living company and print its logins, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preset", default="quests", choices=sorted(demo.STORIES))
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            logins = demo.build(preset=options["preset"], seed=options["seed"], progress=self.stderr.write)
        except demo.NotEmpty as error:
            raise CommandError(str(error)) from error
        for login in logins:
            self.stdout.write(f"{login.role:<15} {login.name:<20} {login.email:<28} {login.password}")
