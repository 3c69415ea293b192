from collections.abc import Mapping
from typing import Any

from django.db import transaction

from voronka.kernel.actor import Actor

from .. import fields
from ..models import Deal, LossReason, Stage
from ._rows import locked
from ._step import enter_stage
from .change_deal import apply_values


def follow_deal(
    deal_id: int, *, by: Actor, values: Mapping[str, Any], to: Stage, loss_reason: LossReason | None = None
) -> Deal:
    """The deal as another system has it: kept values, and the stage it has reached there. Guards aren't asked, since it
    has happened already. Raises Refusal, FieldErrors."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        apply_values(deal, values, by, known=fields.specs(by))
        if to.funnel_id == deal.funnel_id and to.pk != deal.stage_id:
            enter_stage(deal, to, by, loss_reason=loss_reason)
    return deal
