import json

from django.core.management.base import BaseCommand

from voronka.process.schema import Process


class Command(BaseCommand):
    help = "Print the JSON Schema of the process document."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(json.dumps(Process.model_json_schema(by_alias=True), ensure_ascii=False, indent=2))
