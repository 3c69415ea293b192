from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_sending")]

    operations = [
        migrations.AddField("attachment", "field", models.TextField(blank=True, default="", db_default="")),
    ]
