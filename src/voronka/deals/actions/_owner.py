"""Making somebody responsible: for one deal or for many of them the same few statements."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import event_of, record_many
from voronka.staff.models import Person
from voronka.tasks.following import hand_over_tasks, record_handed_over

from ..models import Deal
from ._rows import audience_now, refresh_companies, refs_of

_WRITE = """
    UPDATE deals_deal
    SET responsible_id = %(to)s, seat_id = %(seat)s, is_unread = false, version = version + 1,
        taken_at = now.taken_at, watchers = now.watchers, audience = now.audience
    FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS now(id bigint, taken_at timestamptz, watchers bigint[], audience text[])
    WHERE deals_deal.id = now.id
"""


def become_owners(deals: Sequence[Deal], to: Person, by: Actor, *, keep_reading: bool = False) -> None:
    """Make `to` responsible on locked deals, with audiences, open tasks and events. First owner: the deal is taken."""
    now, events = clock.now(), []
    before = {deal.pk: deal.responsible_id for deal in deals}
    moved: set[int] = set()
    for deal in deals:
        audience_before, first = deal.audience, deal.taken_at is None
        facts = _facts(deal, to, waited=int((now - deal.created_at).total_seconds()) if first else None)
        if keep_reading and deal.seat_id and deal.seat_id != to.seat_id:
            deal.watchers = sorted({*deal.watchers, deal.seat_id})
        deal.responsible, deal.seat_id, deal.is_unread = to, to.seat_id, False
        deal.taken_at = deal.taken_at or now
        deal.version += 1
        deal.audience = audience_now(deal)
        if deal.audience != audience_before:
            moved.add(deal.company_id)
        refs = refs_of(deal, audience_before)
        events.append(event_of("deal.taken" if first else "deal.assigned", refs, by=by, data=facts))
    _write(deals, to)
    handed = hand_over_tasks(before, {deal.pk: deal.audience for deal in deals}, by=by, to=to)
    refresh_companies(moved)
    record_many(events, by=by)
    record_handed_over(handed, by=by)


def _facts(deal: Deal, to: Person, *, waited: int | None) -> dict[str, Any]:
    return {"person": to.pk, "name": to.name, "before": deal.responsible_id, "waited_seconds": waited}


def _write(deals: Sequence[Deal], to: Person) -> None:
    rows = [
        {
            "id": deal.pk,
            "taken_at": deal.taken_at.isoformat() if deal.taken_at else None,
            "watchers": deal.watchers,
            "audience": deal.audience,
        }
        for deal in deals
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"to": to.pk, "seat": to.seat_id, "rows": json.dumps(rows)})
