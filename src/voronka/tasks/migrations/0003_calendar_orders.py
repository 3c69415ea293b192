from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made without stopping whoever writes tasks meanwhile."""

    atomic = False

    dependencies = [
        ('tasks', '0002_calendar'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(fields=['responsible', 'due_at'], name='task_calendar'),
        ),
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at', None), ('remind_at__isnull', False)), fields=['remind_at'], name='task_remind'),
        ),
    ]
