from typing import Any

from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from ..models import Deal, Stage
from .assign_deal import assign_deal
from .change_deal import change_deal
from .move_deal import move_deal


def place_deal(
    deal_id: int, *, by: Actor, to: Stage, leads: Person | None = None, location: str | None = None, **given: Any
) -> Deal:
    """Where a tile was dropped on a board with lanes: the stage, and with it who leads or the location («» for none).
    `given` as for `move_deal`. All or none."""
    with transaction.atomic():
        # by the stage, and by who leads, the deal may leave the hands that place it
        if location is not None:
            change_deal(deal_id, by=by, values={"location": location})
        deal = move_deal(deal_id, by=by, to=to, **given)
        if leads is not None:
            assign_deal(deal_id, by=by, to=leads)
    return deal
