from django.db import transaction

from voronka.kernel.actor import Actor

from ..models import Deal
from ._rows import locked, record_deal


def read_deal(deal_id: int, *, by: Actor) -> Deal:
    """Its responsible has looked at what is new in it. Anybody else's look changes nothing."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        if deal.is_unread and deal.responsible_id == by.person_id:
            deal.is_unread = False
            deal.save(update_fields=["is_unread"])
            record_deal("deal.read", deal, by)
    return deal
