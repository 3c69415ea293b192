"""What the worker would do, without one."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from voronka.kernel import clock


def run_jobs() -> None:
    """Every job whose time has come by the test's clock, one after another, each once."""
    while job := _next():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        app.tasks[job.task_name].func(**job.args)


def _next() -> ProcrastinateJob | None:
    waiting = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return next((job for job in waiting if job.scheduled_at is None or job.scheduled_at <= clock.now()), None)
