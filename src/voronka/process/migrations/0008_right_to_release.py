"""Gives roles that manage the process the right to send and drop messages that wait for people."""

from django.db import migrations

from ._rights import giving


class Migration(migrations.Migration):
    dependencies = [("process", "0007_ticked"), ("staff", "0003_layouts")]

    operations = [migrations.RunPython(giving("release_messages"), migrations.RunPython.noop)]
