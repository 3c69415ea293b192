"""Who leads a deal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals.actions import assign_deal
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .answers import changed, toast
from .card import people
from .entry import deal_of, typed


@login_required
@require_http_methods(["GET", "PUT"])
def responsible(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The dialog, and the hand-over itself: open tasks go along; the former one may keep reading."""
    deal = deal_of(request, deal_id)
    form = typed(request) if request.method == "PUT" else request.GET
    errors: dict[str, str] = {}
    if request.method == "PUT":
        chosen = form.get("person", "")
        to = (
            Person.objects.filter(is_active=True, pk=chosen).select_related("role").first()
            if chosen.isdigit()
            else None
        )
        if to is None:
            errors["person"] = _("Choose from the list.")
        else:
            assign_deal(deal_id, by=request.user.actor, to=to, keep_reading="keep_reading" in form)
            return toast(changed(request, deal), _("The deal is now led by %(name)s") % {"name": to.name})
    context = {"deal": deal, "people": people(deal), "form": form, "errors": errors}
    return render(request, "deals/responsible.html", context, status=422 if errors else 200)
