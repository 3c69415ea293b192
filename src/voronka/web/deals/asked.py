"""What a person says to the process from the card: a head's yes or no to a move, a button that sets a rule off."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals import queries
from voronka.deals.actions import decide_approval
from voronka.deals.actions.decide_approval import decide_refusal
from voronka.deals.models import Approval, Deal
from voronka.kernel.errors import MissingFields, Refusal
from voronka.process import buttons
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .answers import changed, refused, toast
from .entry import deal_of


def asked_of(deal: Deal, person: Person) -> dict[str, Any]:
    """The move of this deal that waits for a yes, and the buttons of its rules."""
    waiting = _waiting(deal) if any(stage.approver for stage in queries.stages_of(deal.funnel)) else None
    return {
        "approval": waiting,
        "decides": waiting is not None and decide_refusal(waiting, deal, by=person.actor) is None,
        "rule_buttons": buttons.offered(deal, person.actor),
    }


def _waiting(deal: Deal) -> Approval | None:
    found = Approval.objects.filter(deal=deal, decided_at=None)
    return found.select_related("to", "asked_by", "loss_reason").first()


@login_required
@require_POST
def decision(request: PersonRequest, deal_id: int, approval_id: int) -> HttpResponse:
    """Yes or no, in one click."""
    deal = deal_of(request, deal_id)
    get_object_or_404(Approval, pk=approval_id, deal=deal)
    yes, comment = request.POST.get("answer") == "yes", request.POST.get("comment", "")
    before = deal.stage
    try:
        after = decide_approval(approval_id, by=request.user.actor, approved=yes, comment=comment)
    except MissingFields:
        return refused(Refusal(_("Something that the stage asks for is empty again: send it back with a no.")))
    except Refusal as no:
        return refused(no)
    said = _("You said yes, the deal has moved.") if yes else _("You said no, the deal stays.")
    return toast(changed(request, after, before=before if yes else None), said)


@login_required
@require_POST
def pressing(request: PersonRequest, deal_id: int, rule: str) -> HttpResponse:
    """Set the rule of a button off."""
    deal = deal_of(request, deal_id)
    try:
        after = buttons.press(deal.pk, rule, by=request.user.actor)
    except Refusal as no:
        return refused(no)
    return toast(changed(request, after, before=deal.stage), _("Done"))
