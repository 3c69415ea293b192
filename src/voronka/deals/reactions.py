"""What deals do when they hear of others: bound in `voronka.wiring`."""

from collections.abc import Collection, Sequence

from django.db import connection

from voronka.kernel.actor import Actor
from voronka.kernel.models import Event
from voronka.notices.actions import settle

_NEXT_STEP = """
    UPDATE deals_deal
    SET next_step_at = (SELECT min(due_at) FROM tasks_task WHERE deal_id = deals_deal.id AND done_at IS NULL)
    WHERE id = ANY(%s::bigint[])
"""


def refresh_next_step(events: Sequence[Event], by: Actor) -> None:
    """Tasks changed: the next step of their deals is the nearest open one."""
    deals = {event.deal_id for event in events if event.deal_id is not None and _moves_a_step(event)}
    if deals:
        refresh_steps_of(deals)


def refresh_steps_of(deal_ids: Collection[int]) -> None:
    """The nearest open task of each of these deals is its next step."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_STEP, [sorted(deal_ids)])


def settle_inquiry(events: Sequence[Event], by: Actor) -> None:
    """Somebody took it: what the others were told of it they need not read."""
    settle([f"/deals/{event.deal_id}" for event in events], by=by)


def _moves_a_step(event: Event) -> bool:
    return event.kind != "task.changed" or "due_at" in event.data["changes"]
