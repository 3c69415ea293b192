"""What rules did with the deal: which rule, when, because of what, what came of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from voronka.deals import fields
from voronka.deals.models import Deal
from voronka.kernel.models import Event
from voronka.process import labels
from voronka.process.models import Trace
from voronka.process.outlook import Ran, what_was
from voronka.web.process.access import may_see
from voronka.web.process.past import TONES
from voronka.web.requests import PersonRequest

from . import timeline
from .entry import deal_of

#: So many stand on the card; the rest are a click away.
LATEST = 3


@login_required
@require_safe
def latest(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The last ones: a part of the card that comes when one looks at it."""
    deal = deal_of(request, deal_id)
    found = what_was(deal, limit=LATEST + 1)
    facts = {"runs": [_told(run) for run in found[:LATEST]], "more": len(found) > LATEST}
    return render(request, "deals/ran.html", {"deal": deal, "sees_rules": may_see(request.user), **facts})


@login_required
@require_safe
def runs(request: PersonRequest, deal_id: int) -> HttpResponse:
    """All of them with the facts each ran on, over the card."""
    deal = deal_of(request, deal_id)
    found = what_was(deal)
    facts = _facts(deal, found, request)
    told = [{**_told(run), "fact": facts.get(run.event)} for run in found]
    return render(request, "deals/runs.html", {"deal": deal, "runs": told, "sees_rules": may_see(request.user)})


def _told(run: Ran) -> dict[str, Any]:
    return {
        "rule": run.rule,
        "title": run.title,
        "at": run.at,
        "late_for": run.due_at if (run.at - run.due_at).total_seconds() > 60 else None,
        "outcome": "" if run.outcome == Trace.Outcome.DONE else str(labels.OUTCOMES[run.outcome]),
        "tone": TONES.get(run.outcome, ""),
        "reason": run.reason,
        "because": run.because,
        "led_by": run.led_by,
        "did": run.did,
    }


def _facts(deal: Deal, found: Sequence[Ran], request: PersonRequest) -> dict[int | None, timeline.Entry]:
    """Event → how the timeline tells it; fields that the role does not see stay hidden there, too."""
    by = request.user.actor
    events = list(Event.objects.filter(pk__in={run.event for run in found if run.event}, deal_id=deal.pk))
    known = fields.specs(by)
    return {entry.id: entry for entry in timeline.entries_of(deal, events, by, known=known)}
