import json
from collections.abc import Sequence

from django.db import connection, transaction

from voronka.clients.tags import changed_tags, known_tags, tags_named, told
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import event_of, record_many

from ..access import change_refusal
from ..models import Deal
from ._rows import locked_rows, refs_of

_WRITE = """
    UPDATE deals_deal SET tags = now.tags, version = version + 1
    FROM jsonb_to_recordset(%s::jsonb) AS now(id bigint, tags text[])
    WHERE deals_deal.id = now.id
"""


def tag_deals(
    deal_ids: Sequence[int], *, by: Actor, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> dict[int, Refusal]:
    """Hang tags with these titles on deals, take those with these keys off; answers the deals that stay, and why.

    Raises FieldErrors.
    """
    with transaction.atomic():
        deals = locked_rows(deal_ids)
        refused = {deal.pk: no for deal in deals if (no := change_refusal(by, deal))}
        named = tags_named(add, by=by)
        known, events, changed = known_tags(), [], []
        for deal in deals:
            tags = changed_tags(deal.tags, known, add=named, remove=remove)
            if deal.pk in refused or tags == deal.tags:
                continue
            events.append(event_of("deal.tagged", refs_of(deal), by=by, data=told(deal.tags, tags, known)))
            deal.tags = tags
            changed.append(deal)
        _write(changed)
        record_many(events, by=by)
    return refused


def _write(deals: Sequence[Deal]) -> None:
    if deals:
        rows = json.dumps([{"id": deal.pk, "tags": deal.tags} for deal in deals])
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [rows])
