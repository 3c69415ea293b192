"""What of deals follows from other rows, after these were carried to them or away."""

import json
from collections.abc import Collection

from django.db import connection

from voronka.tasks.following import follow_deals

from ..models import Deal
from ..reactions import refresh_steps_of
from ._rows import audience_now, refresh_companies

_WRITE = """
    UPDATE deals_deal SET audience = now.audience, version = version + 1
    FROM jsonb_to_recordset(%s::jsonb) AS now(id bigint, audience text[]) WHERE deals_deal.id = now.id
"""


def settle_deals(deal_ids: Collection[int]) -> None:
    """Who sees them, their tasks and clients; the next step; a new version."""
    found = Deal.objects.filter(pk__in=deal_ids).select_related("responsible__role")
    audiences = {deal.pk: (deal.company_id, audience_now(deal)) for deal in found.order_by("pk")}
    if not audiences:
        return
    rows = [{"id": pk, "audience": audience} for pk, (_company, audience) in audiences.items()]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps(rows)])
    follow_deals({pk: audience for pk, (_company, audience) in audiences.items()})
    refresh_companies(company for company, _audience in audiences.values())
    refresh_steps_of(audiences)
