"""Gives roles that manage the process the right to bring clients in from files."""

from functools import partial
from importlib import import_module

from django.db import migrations

give = partial(import_module("voronka.process.migrations.0003_new_rights").give, new=("import_clients",))


class Migration(migrations.Migration):
    dependencies = [("process", "0006_drafts_and_trials")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
