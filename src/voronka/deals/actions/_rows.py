"""What every action on a deal shares: the locked row, its audience, its event."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.tasks.actions import follow_deal

from ..access import audience_of, require_change
from ..models import Deal

_COMPANY_AUDIENCE = """
    UPDATE clients_company AS c
    SET audience = (
        SELECT coalesce(array_agg(DISTINCT token ORDER BY token), '{}')
        FROM (
            SELECT unnest(c.home) AS token
            UNION ALL
            SELECT unnest(d.audience) FROM deals_deal AS d WHERE d.company_id = c.id
        ) AS tokens
    )
    WHERE c.id = %s
"""


def locked(deal_id: int, by: Actor) -> Deal:
    """The deal, locked till the end of the transaction, if `by` may change it."""
    deal = locked_row(deal_id)
    require_change(by, deal)
    return deal


def locked_row(deal_id: int) -> Deal:
    """The deal, locked, asked of no gate.

    The lock comes first and alone: a locking query with joins drops the row when a relation changed while it waited.
    """
    Deal.objects.select_for_update().values_list("pk").get(pk=deal_id)
    return Deal.objects.select_related("stage", "funnel", "responsible__role", "company").get(pk=deal_id)


def refresh_audience(deal: Deal) -> None:
    """Set the audience from the owner, place and watchers; the client and open tasks follow."""
    before = deal.audience
    deal.audience = audience_of(
        brand=deal.brand_id,
        seat=deal.seat_id,
        watchers=deal.watchers,
        location=deal.location_id,
        handed_to_location=bool(deal.responsible and deal.responsible.role.sees == "location"),
    )
    if deal.pk and before != deal.audience:
        Deal.objects.filter(pk=deal.pk).update(audience=deal.audience)
        follow_deal(deal.pk, audience=deal.audience)
        refresh_company(deal.company_id)


def refresh_company(company_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COMPANY_AUDIENCE, [company_id])


def record_deal(
    kind: str,
    deal: Deal,
    by: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    also: Sequence[str] = (),
    as_stored: bool = False,
) -> Event:
    """An event of this deal. `also`: tokens that saw it before this change and must learn of it live.

    `as_stored`: the deal at hand is just what the base holds.
    """
    refs = Refs(
        deal=deal.pk,
        company=deal.company_id,
        funnel=deal.funnel_id,
        stage=deal.stage_id,
        audience=[*deal.audience, *also],
    )
    return record(kind, refs, by=by, data=data, subject=deal if as_stored else None)
