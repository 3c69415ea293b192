import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_collect_words")]

    operations = [
        migrations.RemoveField("tag", "colour"),
        migrations.AddField(
            "tag",
            "merged_into",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="clients.tag"
            ),
        ),
    ]
