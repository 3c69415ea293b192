"""Who has the card open and which field is in work: told to open pages, kept nowhere. It holds until that `page` takes
leave or its live line ends; whoever falls silent expires."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from voronka.kernel.live import announce
from voronka.web import formats
from voronka.web.live import LONGEST_PAGE
from voronka.web.requests import PersonRequest

from .entry import deal_of


@login_required
@require_POST
def presence(request: PersonRequest, deal_id: int) -> HttpResponse:
    """`hello` asks the others to answer, `gone` takes leave, `field` is in work. Heard by whoever sees the deal."""
    deal = deal_of(request, deal_id)
    person, form = request.user, request.POST
    facts = {
        "kind": "presence",
        "card": deal.pk,
        "page": form.get("page", "")[:LONGEST_PAGE],
        "who": person.pk,
        "name": person.name,
        "initials": formats.initials(person.name),
        "field": form.get("field", "")[:100],
        "hello": "hello" in form,
        "gone": "gone" in form,
    }
    announce(facts, audience=deal.audience)
    return HttpResponse(status=204)
