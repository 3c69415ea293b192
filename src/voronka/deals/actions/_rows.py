"""What every action on a deal shares: the locked row, its audience, its event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.tasks.following import follow_deals

from ..access import audience_of, require_change
from ..kept import dressed
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
    WHERE c.id = ANY(%s::bigint[])
"""


def locked(deal_id: int, by: Actor) -> Deal:
    """The deal, locked till the end of the transaction, if `by` may change it."""
    deal = locked_row(deal_id)
    require_change(by, deal)
    return deal


def locked_row(deal_id: int) -> Deal:
    """The deal, locked, asked of no gate. Raises Deal.DoesNotExist.

    Without a join: a locking query drops a row when what it is joined with changed while it waited.
    """
    return dressed(Deal.objects.select_for_update()).get(pk=deal_id)


def locked_rows(deal_ids: Sequence[int]) -> list[Deal]:
    """The deals in order of their ids, locked so; those that are no more are left out."""
    return list(dressed(Deal.objects.select_for_update()).filter(pk__in=deal_ids).order_by("pk"))


def refresh_audience(deal: Deal) -> None:
    """Set the audience from the owner, place and watchers; the client and open tasks follow."""
    before = deal.audience
    deal.audience = audience_now(deal)
    if deal.pk and before != deal.audience:
        Deal.objects.filter(pk=deal.pk).update(audience=deal.audience)
        follow_deals({deal.pk: deal.audience})
        refresh_companies([deal.company_id])


def audience_now(deal: Deal) -> list[str]:
    return audience_of(
        brand=deal.brand_id,
        seat=deal.seat_id,
        watchers=deal.watchers,
        location=deal.location_id,
        handed_to_location=bool(deal.responsible and deal.responsible.role.sees == "location"),
    )


def refresh_companies(company_ids: Iterable[int]) -> None:
    """Whoever sees any deal of a client sees the client."""
    if ids := sorted(set(company_ids)):
        with connection.cursor() as cursor:
            cursor.execute(_COMPANY_AUDIENCE, [ids])


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
    return record(kind, refs_of(deal, also), by=by, data=data, subject=deal if as_stored else None)


def refs_of(deal: Deal, also: Sequence[str] = ()) -> Refs:
    return Refs(
        deal=deal.pk,
        company=deal.company_id,
        funnel=deal.funnel_id,
        stage=deal.stage_id,
        audience=[*deal.audience, *also],
    )
