from collections.abc import Sequence
from typing import Any

from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.kernel.events import event_of, record_many
from voronka.kernel.rows import insert_many

from ..models import Deal, Passage
from ._rows import audience_now, refresh_companies, refs_of


def create_deals(deals: Sequence[Deal], *, by: Actor) -> None:
    """Open many deals at once, as `create_deal` opens one: deals that are not written yet, with their stage, people,
    values and moments. They get their ids, their stay at the stage and their event.
    """
    if not deals:
        return
    with transaction.atomic(savepoint=False):
        for deal in deals:
            deal.audience = audience_now(deal)
        insert_many(deals)
        insert_many([Passage(deal=deal, stage=deal.stage, entered_at=deal.stage_entered_at) for deal in deals])
        refresh_companies(deal.company_id for deal in deals)
        record_many([event_of("deal.created", refs_of(deal), by=by, data=facts_of(deal)) for deal in deals], by=by)


def facts_of(deal: Deal) -> dict[str, Any]:
    """What the event of a new deal tells."""
    return {
        "title": deal.title,
        "stage": deal.stage.key,
        "stage_title": deal.stage.title,
        "amount": str(deal.amount),
        "responsible": deal.responsible_id,
        "channel": deal.channel,
        "source": deal.source_id,
        "is_repeat": deal.is_repeat,
        "fields": deal.fields,
    }
