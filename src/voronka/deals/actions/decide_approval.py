"""A move that needs a yes: asked for, decided, made."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.notices.actions import notify
from voronka.staff.models import Person
from voronka.staff.queries import people

from .. import fields
from ..models import Approval, Deal, LossReason, Stage
from ._rows import locked, locked_row, record_deal
from .change_deal import apply_values, refuse_foreign
from .move_deal import move_deal
from .plan_step import Step, add_step


def ask_approval(
    deal_id: int,
    *,
    by: Actor,
    to: Stage,
    values: Mapping[str, Any] | None = None,
    loss_reason: LossReason | None = None,
    loss_comment: str = "",
    next_step: Step | None = None,
) -> Approval:
    """Ask the role that approves this stage. What was typed for the move is written at once; asking again replaces the
    request before. Raises Refusal, FieldErrors."""
    if by.person_id is None:
        raise Refusal(_("Only a person asks for a yes."), rule="role")
    with transaction.atomic():
        deal = locked(deal_id, by)
        if values:
            known = fields.specs(by)
            refuse_foreign(values, known)
            apply_values(deal, fields.parse_all(values, known), by, known=known)
        if next_step:
            add_step(deal, next_step, by)
        Approval.objects.filter(deal=deal, decided_at=None).update(decided_at=clock.now())
        approval = Approval.objects.create(
            deal=deal,
            to=to,
            approver=to.approver,
            loss_reason=loss_reason,
            loss_comment=loss_comment.strip(),
            asked_by_id=by.person_id,
            asked_at=clock.now(),
        )
        record_deal("approval.asked", deal, by, _facts(approval))
        _tell_heads(approval, deal)
    return approval


def move_or_ask(deal_id: int, *, by: Actor, to: Stage, **given: Any) -> Approval | None:
    """Move a deal, or ask for the yes that the move waits for: the request, None when it has moved. `given` as for
    `move_deal`. Raises what that does for any other reason.
    """
    try:
        move_deal(deal_id, by=by, to=to, **given)
    except Refusal as no:
        if no.rule != "approval":
            raise
        return ask_approval(deal_id, by=by, to=to, **given)
    return None


def decide_approval(approval_id: int, *, by: Actor, approved: bool, comment: str = "") -> Deal:
    """Say yes, then the deal moves as its manager wanted, through all other guards; or no. Raises Refusal,
    MissingFields; then nothing has changed."""
    with transaction.atomic():
        approval = Approval.objects.select_related("to", "loss_reason", "asked_by__role").get(pk=approval_id)
        deal = locked_row(approval.deal_id)
        approval.refresh_from_db(fields=["decided_at"])
        if no := decide_refusal(approval, deal, by=by):
            raise no
        approval.decided_by_id, approval.decided_at = by.person_id, clock.now()
        approval.approved, approval.comment = approved, comment.strip()
        approval.save(update_fields=["decided_by", "decided_at", "approved", "comment"])
        record_deal("approval.given" if approved else "approval.refused", deal, by, _facts(approval))
        if approved:
            deal = move_deal(
                deal.pk,
                by=by,
                to=approval.to,
                loss_reason=approval.loss_reason,
                loss_comment=approval.loss_comment,
                approved=True,
            )
        _tell_asker(approval, deal)
    return deal


def decide_refusal(approval: Approval, deal: Deal, *, by: Actor) -> Refusal | None:
    """Why `by` may not decide, if so."""
    if approval.decided_at is not None:
        return Refusal(_("This is decided already."), rule="decided")
    if by.reach is not None and not access.sees(by.reach, deal.audience):
        return Refusal(_("This deal is not yours."), rule="gate")
    if by.role != approval.approver:
        return Refusal(_("Your role does not decide this."), rule="role")
    return None


def _facts(approval: Approval) -> dict[str, Any]:
    return {
        "approval": approval.pk,
        "to": approval.to.key,
        "to_title": approval.to.title,
        "person": approval.asked_by_id,
        "comment": approval.comment,
    }


def _tell_heads(approval: Approval, deal: Deal) -> None:
    heads = [one for one in people().filter(role__key=approval.approver) if access.sees(one.reach, deal.audience)]
    for head in heads:
        with translation.override(head.language):
            title = _("{name} asks for a yes: {deal} to «{stage}»").format(
                name=approval.asked_by.name, deal=deal, stage=approval.to.title
            )
            _tell(head, approval, deal, title)


def _tell_asker(approval: Approval, deal: Deal) -> None:
    asker = approval.asked_by
    with translation.override(asker.language):
        form = _("Yes: {deal} goes to «{stage}»") if approval.approved else _("No: {deal} does not go to «{stage}»")
        _tell(asker, approval, deal, form.format(deal=deal, stage=approval.to.title))


def _tell(person: Person, approval: Approval, deal: Deal, title: str) -> None:
    notify(
        [person],
        kind="rule",
        key=f"approval:{approval.pk}",
        title=title,
        body=approval.comment or approval.loss_comment,
        url=f"/deals/{deal.pk}",
    )
