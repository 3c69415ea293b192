"""Upkeep of hooks."""

from datetime import timedelta

from procrastinate.contrib.django import app

from voronka.kernel import clock

from .models import Delivery

KEEP = timedelta(days=30)


@app.periodic(cron="53 3 * * *")
@app.task(name="hooks.prune")
def prune(timestamp: int) -> None:
    """What is over is kept for a month to look at and to send again."""
    Delivery.objects.filter(done_at__lt=clock.now() - KEEP).delete()
