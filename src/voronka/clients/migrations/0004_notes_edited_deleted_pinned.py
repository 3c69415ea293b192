from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_tags")]

    operations = [
        migrations.AddField("note", "edited_at", models.DateTimeField(null=True)),
        migrations.AddField("note", "deleted_at", models.DateTimeField(null=True)),
        migrations.AddField("note", "pinned_at", models.DateTimeField(null=True)),
    ]
