"""Writing in the composer: notes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from voronka.deals.actions import add_note
from voronka.web.requests import PersonRequest

from .answers import changed
from .entry import deal_of


@login_required
@require_POST
def notes(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    add_note(deal_id, by=request.user.actor, text=request.POST.get("text", ""), uploads=request.FILES.getlist("files"))
    return changed(request, deal)
