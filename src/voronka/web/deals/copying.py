"""A copy of a deal: what goes along is chosen."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals.access import may_change
from voronka.deals.actions import copy_deal
from voronka.deals.actions.copy_deal import PARTS
from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .answers import toast
from .entry import deal_of

TITLES = {
    "fields": lambda: _("Fields of the deal"),
    "lines": lambda: _("Goods and services, at today's price"),
    "tasks": lambda: _("Tasks that are still ahead"),
    "notes": lambda: _("Pinned notes"),
    "link": lambda: _("A link between the two deals"),
}


def may_copy(deal: Deal, person: Person) -> bool:
    return person.may("create_deals") and may_change(person.actor, deal)


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    if not may_copy(deal, request.user):
        raise Http404
    if request.method == "GET":
        parts = [(key, TITLES[key]()) for key in PARTS]
        return render(request, "deals/copy.html", {"deal": deal, "parts": parts})
    made = copy_deal(deal.pk, by=request.user.actor, parts={key for key in PARTS if key in request.POST})
    text = _("Copied: №%(number)s") % {"number": made.pk}
    return toast(HttpResponse(status=204), text, open_url=f"/deals/{made.pk}")
