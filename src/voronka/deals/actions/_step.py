from datetime import datetime
from typing import Any

from django.db import connection

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.rows import insert

from ..models import Deal, LossReason, Passage, Stage
from ._rows import record_deal, refresh_audience

#: The deal comes to its stage and leaves the one before, in one statement.
_ENTER = """
    WITH moved AS (
        UPDATE deals_deal
        SET stage_id = %(stage)s, stage_entered_at = %(at)s, closed_at = %(closed)s, loss_reason_id = %(reason)s,
            loss_comment = %(comment)s, version = %(version)s
        WHERE id = %(deal)s
    )
    UPDATE deals_passage SET left_at = %(at)s WHERE deal_id = %(deal)s AND left_at IS NULL
"""


def enter_stage(
    deal: Deal, to: Stage, by: Actor, *, loss_reason: LossReason | None = None, loss_comment: str = ""
) -> None:
    """Put a locked deal on a stage and record it. Asks no guards: `move_deal` does, and taking implies the first."""
    now, here = clock.now(), deal.stage
    spent = int((now - deal.stage_entered_at).total_seconds())
    lost = to.meaning == Stage.Meaning.LOST
    deal.stage, deal.stage_entered_at = to, now
    deal.closed_at = _closed_at(deal, here, to)
    deal.loss_reason, deal.loss_comment = (loss_reason, loss_comment) if lost else (None, "")
    deal.version += 1
    _write(deal)
    insert(Passage(deal=deal, stage=to, entered_at=now))
    refresh_audience(deal)
    facts: dict[str, Any] = {
        "from": here.key,
        "to": to.key,
        "from_id": here.pk,
        "to_id": to.pk,
        "from_title": here.title,
        "to_title": to.title,
        "meaning": to.meaning,
        "spent_seconds": spent,
        "amount": str(deal.amount),
        "responsible": deal.responsible_id,
    }
    if lost and loss_reason:
        facts |= {
            "loss_reason": loss_reason.key,
            "loss_reason_title": loss_reason.title,
            "loss_comment": loss_comment,
        }
    record_deal("deal.moved", deal, by, facts)


def _write(deal: Deal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER,
            {
                "deal": deal.pk,
                "stage": deal.stage_id,
                "at": deal.stage_entered_at,
                "closed": deal.closed_at,
                "reason": deal.loss_reason_id,
                "comment": deal.loss_comment,
                "version": deal.version,
            },
        )


def _closed_at(deal: Deal, here: Stage, to: Stage) -> datetime | None:
    """A sale that goes on to another won stage stays in the month of the sale."""
    if to.is_closing and here.meaning == to.meaning:
        return deal.closed_at
    return clock.now() if to.is_closing else None
