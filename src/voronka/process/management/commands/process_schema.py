from django.core.management.base import BaseCommand

from voronka.process import document


class Command(BaseCommand):
    help = "Print the JSON Schema of the process document."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(document.json_schema())
