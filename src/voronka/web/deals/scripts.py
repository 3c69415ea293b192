"""What to say on the card: scripts of the stage or the next task, filled in for this deal, ticked off by steps."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from voronka.deals import queries
from voronka.deals.access import may_change
from voronka.deals.models import Deal
from voronka.kernel.errors import Refusal
from voronka.process import knowledge, scripts
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web import markdown
from voronka.web.requests import PersonRequest

from .answers import refused
from .entry import deal_of


def scripts_of(deal: Deal, person: Person, tasks: Sequence[Task]) -> dict[str, Any]:
    """Scripts by their steps and articles of the stage. One query, and only when there is something to tick."""
    found = [(one, scripts.parts(one.text)) for one in scripts.of_deal(deal, {task.kind.key for task in tasks[:1]})]
    said = scripts.ticked(deal) if any(part.step for _one, parts in found for part in parts) else set()
    fill = scripts.filler(deal, person.actor)
    return {
        "may_tick": may_change(person.actor, deal),
        "articles": knowledge.of_stage(person, deal.stage_id),
        "scripts": [
            {
                "key": one.key,
                "title": one.title,
                "steps": [part.step for part in parts if part.step],
                "said": sum((one.key, part.step) in said for part in parts),
                "parts": [
                    {
                        "step": part.step,
                        "html": markdown.spoken(part.text, fill),
                        "said": (one.key, part.step) in said,
                    }
                    for part in parts
                ],
            }
            for one, parts in found
        ],
    }


@login_required
@require_POST
def ticking(request: PersonRequest, deal_id: int, key: str) -> HttpResponse:
    """`step` was said, or not after all (`done` is empty); `again`: nothing was, the talk begins anew."""
    deal = deal_of(request, deal_id)
    asked = request.POST.getlist("step")
    steps = [int(step) for step in asked if step.isascii() and step.isdecimal() and len(step) < 4]
    try:
        scripts.tick(deal.pk, key, steps, done=bool(request.POST.get("done")), by=request.user.actor)
    except Refusal as no:
        return refused(no)
    if not request.htmx:
        return HttpResponseRedirect(f"/deals/{deal.pk}")
    return render(
        request,
        "deals/scripts.html",
        {"deal": deal, **scripts_of(deal, request.user, queries.open_tasks(deal))},
    )
