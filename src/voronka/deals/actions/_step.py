from datetime import datetime
from typing import Any

from voronka.kernel import clock
from voronka.kernel.actor import Actor

from ..models import Deal, LossReason, Passage, Stage
from ._rows import record_deal, refresh_audience


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
    deal.save(update_fields=["stage", "stage_entered_at", "closed_at", "loss_reason", "loss_comment", "version"])
    Passage.objects.filter(deal=deal, left_at=None).update(left_at=now)
    Passage.objects.create(deal=deal, stage=to, entered_at=now)
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


def _closed_at(deal: Deal, here: Stage, to: Stage) -> datetime | None:
    """A sale that goes on to another won stage stays in the month of the sale."""
    if to.is_closing and here.meaning == to.meaning:
        return deal.closed_at
    return clock.now() if to.is_closing else None
