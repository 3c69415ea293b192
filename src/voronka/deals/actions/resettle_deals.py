from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, event_of
from voronka.kernel.models import Event

from ..models import Deal, Passage, Stage

#: So many deals at a time.
CHUNK = 1000


def resettle_deals(here: Stage, to: Stage, *, by: Actor) -> int:
    """Move every deal off a stage that goes away, also into another funnel; returns how many.

    Whoever changed the process has said where, so no guards are asked and no rules set off; each deal's history tells.
    Raises Refusal when an open deal would close or a closed one open.
    """
    if here.is_closing != to.is_closing or (here.is_closing and here.meaning != to.meaning):
        raise Refusal(
            _("Deals of «{here}» can't go to «{to}»: one of the two stages is closed, or closed otherwise.").format(
                here=here.title, to=to.title
            ),
            rule="resettle",
        )
    moved = 0
    with transaction.atomic():
        while ids := list(
            Deal.objects.select_for_update().filter(stage=here).order_by("pk").values_list("pk", flat=True)[:CHUNK]
        ):
            _move(ids, here, to, by)
            moved += len(ids)
    return moved


def _move(ids: list[int], here: Stage, to: Stage, by: Actor) -> None:
    now = clock.now()
    deals = list(Deal.objects.filter(pk__in=ids))
    Passage.objects.filter(deal__in=ids, left_at=None).update(left_at=now)
    Passage.objects.bulk_create(Passage(deal_id=pk, stage=to, entered_at=now) for pk in ids)
    Deal.objects.filter(pk__in=ids).update(
        stage=to, funnel_id=to.funnel_id, stage_entered_at=now, version=F("version") + 1
    )
    Event.objects.bulk_create(_told(deal, here, to, by) for deal in deals)


def _told(deal: Deal, here: Stage, to: Stage, by: Actor) -> Event:
    facts = {
        "from": here.key,
        "to": to.key,
        "from_id": here.pk,
        "to_id": to.pk,
        "from_title": here.title,
        "to_title": to.title,
        "meaning": to.meaning,
        "spent_seconds": int((clock.now() - deal.stage_entered_at).total_seconds()),
        "amount": str(deal.amount),
        "responsible": deal.responsible_id,
        "resettled": True,
    }
    refs = Refs(deal=deal.pk, company=deal.company_id, funnel=to.funnel_id, stage=to.pk, audience=deal.audience)
    return event_of("deal.moved", refs, by=by, data=facts)
