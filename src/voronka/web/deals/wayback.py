"""«Return» for ten seconds: what an act changed in a deal waits in the session of whoever did it."""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from voronka.deals import queries
from voronka.deals.actions import Trace, take_back
from voronka.deals.models import Stage
from voronka.kernel.errors import Refusal
from voronka.web.requests import PersonRequest

from .answers import refused, with_news

KEY = "way_back"
#: So many of the latest acts are kept.
MOST = 5


def way_back(request: PersonRequest, trace: Trace) -> dict[str, Any]:
    """The `undo` of a toast."""
    token = secrets.token_urlsafe(6)
    before = list(request.session.get(KEY, {}).items())[-(MOST - 1) :]
    request.session[KEY] = {**dict(before), token: trace.kept}
    return {"url": reverse("deal-undo", args=[trace.deal]), "method": "post", "values": {"act": token}}


@login_required
@require_POST
def undo(request: PersonRequest, deal_id: int) -> HttpResponse:
    """One's own act is taken back, also when the deal has left one's hands by it."""
    acts = dict(request.session.get(KEY, {}))
    kept = acts.pop(request.POST.get("act", ""), None)
    if kept is None or kept["deal"] != deal_id:
        raise Http404
    trace = Trace.of(kept)
    try:
        take_back(trace, by=request.user.actor)
    except Refusal as no:
        return refused(no)
    request.session[KEY] = acts
    deal = queries.visible(request.user).filter(pk=deal_id).first()
    before = Stage.objects.get(pk=trace.stage)
    response = HttpResponse(status=204)
    return with_news(response, request, deal, before=before) if deal else response
