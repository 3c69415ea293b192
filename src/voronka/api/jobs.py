"""Upkeep of the API."""

from procrastinate.contrib.django import app

from voronka.kernel import clock

from .models import KeptAnswer
from .repeats import KEEP


@app.periodic(cron="23 4 * * *")
@app.task(name="api.forget_answers")
def forget_answers(timestamp: int) -> None:
    """Keys older than a day mean nothing any more."""
    KeptAnswer.objects.filter(created_at__lt=clock.now() - KEEP).delete()
