"""What deals do when they hear of others: bound in `voronka.wiring`."""

from django.db import connection

from voronka.kernel.actor import Actor
from voronka.kernel.models import Event

_NEXT_STEP = """
    UPDATE deals_deal
    SET next_step_at = (SELECT min(due_at) FROM tasks_task WHERE deal_id = deals_deal.id AND done_at IS NULL)
    WHERE id = %s
"""


def refresh_next_step(event: Event, by: Actor) -> None:
    """A task changed: the deal's next step is its nearest open one."""
    if event.kind == "task.changed" and "due_at" not in event.data["changes"]:
        return
    if event.deal_id is not None:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_STEP, [event.deal_id])
