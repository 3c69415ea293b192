from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import shelf
from voronka.kernel.actor import Actor
from voronka.kernel.errors import MissingFields, Refusal
from voronka.staff.models import Person

from .. import fields, queries
from ..models import Deal, LossReason, Stage
from ..rules import MoveFacts, StageFacts, Verdict, WipFacts, check_move
from ..wip import Load, facts_of, load_of
from ._owner import become_owners
from ._room import lock_stages
from ._rows import locked
from ._step import enter_stage
from .change_deal import apply_values, refuse_foreign
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
    approved: bool = False,
) -> Deal:
    """Move to a stage of the same funnel, through all guards; the only way a deal changes its stage.

    `values` are typed texts of fields asked for on the way, `next_step` the task asked for. Moving an untaken deal
    takes it. `approved`: by `decide_approval` alone, which asks who may.
    Raises Refusal, MissingFields, FieldErrors; then nothing has changed.
    """
    with transaction.atomic():
        with shelf.one_look():
            deal, known = locked(deal_id, by), fields.specs(by)
            stages = queries.stages(of=deal.funnel_id)
        if to.funnel_id != deal.funnel_id:
            raise Refusal(_("This stage belongs to another funnel."), rule="funnel")
        if to.pk == deal.stage_id:
            return deal
        if values:
            refuse_foreign(values, known)
            apply_values(deal, fields.parse_all(values, known), by, known=known)
        if next_step:
            add_step(deal, next_step, by)
        lock_stages([to])
        _check(deal, to, by, known, stages, loss_reason, loss_comment, approved=approved)
        if deal.responsible_id is None and by.person_id is not None:
            become_owners([deal], Person.objects.select_related("role").get(pk=by.person_id), by)
        enter_stage(deal, to, by, loss_reason=loss_reason, loss_comment=loss_comment.strip())
    return deal


def verdict(
    deal: Deal,
    to: Stage,
    *,
    stages: list[Stage],
    by: Actor | None = None,
    load: Load | None = None,
    loss_reason: LossReason | None = None,
    loss_comment: str = "",
    approved: bool = False,
) -> Verdict:
    """What the guards say of a move, without making it: also shown on the board before the drop. `by`: who moves;
    `load`: how full limited stages are; without it that is asked."""
    low, high = sorted((deal.stage.position, to.position))
    return check_move(
        MoveFacts(
            here=_facts(deal.stage),
            there=_facts(to),
            between=[_facts(stage) for stage in stages if low < stage.position < high],
            only_forward=deal.funnel.only_forward,
            no_skipping=deal.funnel.no_skipping,
            next_step_required=deal.funnel.next_step_required,
            has_next_step=deal.next_step_at is not None,
            filled=_filled(deal),
            reason_needs_comment=loss_reason.comment_required if loss_reason else None,
            has_comment=bool(loss_comment.strip()),
            role=by.role if by and by.reach is not None else "",
            approved=approved,
            wip=None if to.pk == deal.stage_id else _limit(deal, to, by, load),
        )
    )


def _limit(deal: Deal, to: Stage, by: Actor | None, load: Load | None) -> WipFacts | None:
    """Moving an untaken deal takes it."""
    hands = deal.responsible_id or (by.person_id if by else None)
    return facts_of(to, load_of([to]) if load is None else load, hands=hands)


def _filled(deal: Deal) -> frozenset[str]:
    """Keys of filled fields, those too that a role does not see. An amount of nothing is not filled."""
    declared = {key for key, value in deal.fields.items() if not fields.is_empty(value)}
    own = {spec.key for spec in fields.BUILT_IN if not fields.is_empty(fields.value_of(deal, spec))}
    return frozenset(declared | own) - (frozenset() if deal.amount else {"amount"})


def _check(
    deal: Deal,
    to: Stage,
    by: Actor,
    known: Mapping[str, fields.FieldSpec],
    stages: list[Stage],
    loss_reason: LossReason | None,
    loss_comment: str,
    *,
    approved: bool,
) -> None:
    if loss_reason and loss_reason.funnel_id != deal.funnel_id:
        raise Refusal(_("This reason belongs to another funnel."), rule="loss_reason")
    said = verdict(
        deal, to, stages=stages, by=by, loss_reason=loss_reason, loss_comment=loss_comment, approved=approved
    )
    if said.refusal:
        raise Refusal(said.refusal, rule=said.rule)
    if said.missing:
        if reason := unfillable(said.missing, known):
            raise Refusal(reason, rule="field")
        raise MissingFields(list(said.missing))


def unfillable(missing: Sequence[str], known: Mapping[str, fields.FieldSpec]) -> str:
    """Why this role can't give what is missing: others fill that field. «» when it can. `known`: as the role sees."""
    special = ("loss_reason", "loss_comment", "next_step")
    for key in missing:
        if key not in special and (key not in known or not known[key].editable):
            title = known[key].title if key in known else fields.title_of(key)
            return _("“%(field)s” is filled by others: ask them first.") % {"field": title}
    return ""


def _facts(stage: Stage) -> StageFacts:
    return StageFacts(
        id=stage.pk,
        title=stage.title,
        meaning=stage.meaning,
        position=stage.position,
        required=stage.required,
        may_enter=stage.may_enter,
        approver=stage.approver,
        derived=stage.derived,
    )
