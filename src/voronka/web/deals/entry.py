"""How a request comes to a deal: through the gate, or it is a 404."""

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect

from voronka.clients.merges import holder_of
from voronka.clients.models import Merge
from voronka.deals import queries
from voronka.deals.models import Deal
from voronka.process.scripts import with_ticked
from voronka.web.requests import PersonRequest


def deal_of(request: PersonRequest, deal_id: int, *, whole: bool = False) -> Deal:
    """The deal if this person may see it. A stranger cannot tell it from one that does not exist.

    `whole`: with all that the card asks of it.
    """
    seen = queries.visible(request.user).filter(pk=deal_id)
    deal = (with_ticked(queries.for_card(seen)) if whole else seen).first()
    if deal is None:
        raise Http404
    return deal


def led_on(request: PersonRequest, deal_id: int) -> HttpResponse | None:
    """Where a deal that became part of another one is now. Not to be kept by browsers: the two may be parted."""
    holder = holder_of(Merge.Kind.DEAL, deal_id) if deal_id < 2**63 else deal_id
    if holder == deal_id or not queries.visible(request.user).filter(pk=holder).exists():
        return None
    answer = redirect("deal", holder, permanent=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def typed(request: PersonRequest) -> QueryDict:
    """Fields of a form, whatever the method: Django reads only POST by itself."""
    return request.POST if request.method == "POST" else QueryDict(request.body, encoding=request.encoding or "utf-8")
