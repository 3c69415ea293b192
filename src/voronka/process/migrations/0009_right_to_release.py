"""Gives roles that manage the process the right to send and drop messages that wait for people."""

from functools import partial
from importlib import import_module

from django.db import migrations

give = partial(import_module("voronka.process.migrations.0003_new_rights").give, new=("release_messages",))


class Migration(migrations.Migration):
    dependencies = [("process", "0008_ticked")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
