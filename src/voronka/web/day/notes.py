"""A note in a deal without opening it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals.actions import add_note
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest
from voronka.web.tasks.answers import changed, dialog


@login_required
@require_http_methods(["GET", "POST"])
def note(request: PersonRequest, deal_id: int) -> HttpResponse:
    """GET asks for the words, POST keeps them."""
    deals = Deal.objects.visible_to(request.user).select_related("company", "contact")
    deal = get_object_or_404(deals, pk=deal_id)
    client = deal.contact.name if deal.contact else deal.company.name
    text = request.POST.get("text", "")
    shown = {"deal": deal, "client": client, "text": text, "errors": {}}
    if request.method == "GET":
        return dialog(request, "day/note.html", shown)
    try:
        add_note(deal.pk, by=request.user.actor, text=text)
    except FieldErrors as refused:
        return dialog(request, "day/note.html", shown | {"errors": refused.errors}, status=422)
    return changed(request, _("Noted in the deal: %(client)s") % {"client": client})
