from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..limits import limit_at
from ..models import Deal, Passage, Stage
from ._room import require_room
from ._rows import locked, record_deal, refresh_audience


def transfer_deal(deal_id: int, *, by: Actor, to: Stage, release: bool = False) -> Deal:
    """Take a deal as it is to a stage of another funnel; a closed one is open again there.

    `release`: nobody leads it then. What the stage there asks for is not asked: the document sends it. Rules and those
    who may change the process alone do this. Raises Refusal.
    """
    if not by.may("manage_process"):
        raise Refusal(_("Your role does not take deals to other funnels."), rule="role")
    with transaction.atomic():
        deal = locked(deal_id, by)
        if to.funnel_id == deal.funnel_id:
            raise Refusal(_("The deal is in this funnel already."), rule="funnel")
        require_room(to, hands=None if release else deal.responsible_id, by=by)
        now, here = clock.now(), deal.stage
        audience_before = list(deal.audience)
        deal.funnel, deal.stage, deal.stage_entered_at = to.funnel, to, now
        deal.closed_at = now if to.is_closing else None
        deal.loss_reason, deal.loss_comment = None, ""
        if release:
            deal.responsible, deal.seat, deal.taken_at = None, None, None
            deal.answer_due_at = limit_at(to, now)
        deal.version += 1
        deal.save()
        Passage.objects.filter(deal=deal, left_at=None).update(left_at=now)
        Passage.objects.create(deal=deal, stage=to, entered_at=now)
        refresh_audience(deal)
        record_deal("deal.moved", deal, by, _facts(deal, here, to), also=audience_before)
    return deal


def _facts(deal: Deal, here: Stage, to: Stage) -> dict[str, Any]:
    return {
        "from": here.key,
        "to": to.key,
        "from_id": here.pk,
        "to_id": to.pk,
        "from_title": here.title,
        "to_title": to.title,
        "from_funnel": here.funnel.title,
        "to_funnel": to.funnel.title,
        "meaning": to.meaning,
        "amount": str(deal.amount),
        "responsible": deal.responsible_id,
    }
