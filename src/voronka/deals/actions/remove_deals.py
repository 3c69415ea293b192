from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.kernel.events import event_of, record_many

from ..models import Deal
from ._rows import locked_rows, refresh_companies, refs_of


def remove_deals(deal_ids: Sequence[int], *, by: Actor, data: Mapping[str, Any]) -> None:
    """Deals that should never have been: what brought them in is taken back. Raises ProtectedError when something hangs
    on one of them."""
    if not deal_ids:
        return
    with transaction.atomic():
        deals = locked_rows(deal_ids)
        record_many(
            [event_of("deal.removed", refs_of(deal), by=by, data={"title": deal.title, **data}) for deal in deals],
            by=by,
        )
        Deal.objects.filter(pk__in=[deal.pk for deal in deals]).delete()
        refresh_companies(deal.company_id for deal in deals)
