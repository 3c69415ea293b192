"""What time brings to tasks: reminders, and the next one of a series. A loop of the worker; many may run."""

import asyncio
import logging

from django.db import Error, transaction

from voronka.kernel import actor, clock
from voronka.kernel.events import Refs, record
from voronka.kernel.ticking import tick_until

from .actions import take_turns
from .models import Task

log = logging.getLogger("voronka.tasks")

SECONDS = 2.0
#: So many a tick; the rest waits for the next one, which follows at once.
BATCH = 100


async def run(stop: asyncio.Event) -> None:
    """Tick until `stop`."""
    await tick_until(stop, _tick, seconds=SECONDS, batch=BATCH)


def tick() -> int:
    """Remind of what is due and make what comes next; the greater of the two counts."""
    return max(remind(), take_turns())


def remind() -> int:
    """Each reminder once in the world: its moment is emptied in the transaction that tells."""
    with transaction.atomic():
        due = Task.objects.filter(done_at=None, remind_at__lte=clock.now()).order_by("remind_at")
        found = list(due.select_for_update(skip_locked=True)[:BATCH])
        Task.objects.filter(pk__in=[task.pk for task in found]).update(remind_at=None)
        for task in found:
            if task.responsible_id:
                # whom it is for, and nobody else: the deal's timeline and colleagues need not know
                refs = Refs(task=task.pk, audience=[f"p:{task.responsible_id}"])
                record("task.reminder", refs, by=actor.system("reminder"))
    return len(found)


def _tick() -> int:
    try:
        return tick()
    except Error:
        # the base is away for a moment or two workers have met: the next tick finds the same
        log.warning("The ticker of tasks waits for the base", exc_info=True)
        return 0
