from django.db import migrations


class Migration(migrations.Migration):
    """What was told before there were marks for it is not told once more."""

    dependencies = [
        ('notices', '0003_where_and_when'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE notices_notice SET pushed_at = created_at, mailed_at = created_at WHERE read_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
