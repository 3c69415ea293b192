from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import MissingFields, Refusal
from voronka.staff.models import Person

from .. import fields
from ..models import Deal, LossReason, Stage
from ..rules import MoveFacts, StageFacts, Verdict, check_move
from ._owner import become_owners
from ._rows import locked
from ._step import enter_stage
from .change_deal import apply_values
from .plan_step import Step, add_step


def move_deal(
    deal_id: int,
    *,
    by: Actor,
    to: Stage,
    values: Mapping[str, Any] | None = None,
    loss_reason: LossReason | None = None,
    loss_comment: str = "",
    next_step: Step | None = None,
) -> Deal:
    """Move to a stage of the same funnel, through all guards; the only way a deal changes its stage.

    `values` are typed texts of fields asked for on the way, `next_step` the task asked for. Moving an untaken deal
    takes it.
    Raises Refusal, MissingFields, FieldErrors; then nothing has changed.
    """
    with transaction.atomic():
        deal = locked(deal_id, by)
        if to.funnel_id != deal.funnel_id:
            raise Refusal(_("This stage belongs to another funnel."), rule="funnel")
        if to.pk == deal.stage_id:
            return deal
        known = fields.specs()
        if values:
            apply_values(deal, fields.parse_all(values, known), by, known=known)
        if next_step:
            add_step(deal, next_step, by)
        _check(deal, to, by, known, loss_reason, loss_comment)
        if deal.responsible_id is None and by.person_id is not None:
            become_owners([deal], Person.objects.select_related("role").get(pk=by.person_id), by)
        enter_stage(deal, to, by, loss_reason=loss_reason, loss_comment=loss_comment.strip())
    return deal


def verdict(
    deal: Deal,
    to: Stage,
    *,
    stages: list[Stage],
    known: Mapping[str, fields.FieldSpec],
    loss_reason: LossReason | None = None,
    loss_comment: str = "",
) -> Verdict:
    """What the guards say of a move, without making it: also shown on the board before the drop."""
    low, high = sorted((deal.stage.position, to.position))
    filled = frozenset(key for key, spec in known.items() if not fields.is_empty(fields.value_of(deal, spec)))
    return check_move(
        MoveFacts(
            here=_facts(deal.stage),
            there=_facts(to),
            between=[_facts(stage) for stage in stages if low < stage.position < high],
            only_forward=deal.funnel.only_forward,
            no_skipping=deal.funnel.no_skipping,
            next_step_required=deal.funnel.next_step_required,
            has_next_step=deal.next_step_at is not None,
            filled=filled,
            reason_needs_comment=loss_reason.comment_required if loss_reason else None,
            has_comment=bool(loss_comment.strip()),
        )
    )


def _check(deal: Deal, to: Stage, by: Actor, known: Any, loss_reason: LossReason | None, loss_comment: str) -> None:
    if loss_reason and loss_reason.funnel_id != deal.funnel_id:
        raise Refusal(_("This reason belongs to another funnel."), rule="loss_reason")
    stages = list(deal.funnel.stages.filter(is_active=True))
    said = verdict(deal, to, stages=stages, known=known, loss_reason=loss_reason, loss_comment=loss_comment)
    if said.refusal:
        raise Refusal(said.refusal, rule=said.rule)
    if said.missing:
        raise MissingFields(list(said.missing))


def _facts(stage: Stage) -> StageFacts:
    return StageFacts(
        id=stage.pk,
        title=stage.title,
        meaning=stage.meaning,
        position=stage.position,
        required=stage.required,
    )
