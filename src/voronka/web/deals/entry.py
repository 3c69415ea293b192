"""How a request comes to a deal: through the gate, or it is a 404."""

from django.http import Http404, QueryDict

from voronka.deals import queries
from voronka.deals.models import Deal
from voronka.web.requests import PersonRequest


def deal_of(request: PersonRequest, deal_id: int, *, with_draft: bool = False) -> Deal:
    """The deal if this person may see it. A stranger cannot tell it from one that does not exist."""
    seen = queries.visible(request.user).filter(pk=deal_id)
    deal = (queries.with_draft(seen) if with_draft else seen).first()
    if deal is None:
        raise Http404
    return deal


def typed(request: PersonRequest) -> QueryDict:
    """Fields of a form, whatever the method: Django reads only POST by itself."""
    return request.POST if request.method == "POST" else QueryDict(request.body, encoding=request.encoding or "utf-8")
