"""A cell edited in place: one value by the card's action, the row back."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from voronka.deals import fields, queries
from voronka.kernel.errors import Conflict, Refusal
from voronka.web.deals.answers import refused, toast, with_news
from voronka.web.deals.entry import deal_of, typed
from voronka.web.deals.fieldrows import Choices, raw_text, shown
from voronka.web.requests import PersonRequest

from .edits import change_cell
from .state import ListState
from .views import render_row


@login_required
@require_http_methods(["PATCH"])
def cell(request: PersonRequest, deal_id: int) -> HttpResponse:
    """`{key}=new&version=what was seen`. 200 is the row, 409 tells both values or why not, 422 what is wrong."""
    deal, form, known = deal_of(request, deal_id), typed(request), fields.specs(request.user.actor)
    key = next((key for key in form if key in known or key in ("stage", "responsible")), None)
    if key is None:
        raise Http404
    try:
        told = change_cell(deal, key, form.get(key, ""), by=request.user.actor, seen=form.get("version"))
    except Conflict:
        return _theirs(request, deal_id, known[key])
    except Refusal as no:
        return refused(no)
    deals = queries.visible(request.user).filter(pk=deal_id)
    now = deals.first()
    response = render_row(request, ListState.read(request), deals)
    answer = with_news(response, request, now or deal, before=deal.stage if key == "stage" else None)
    return toast(answer, told) if told else answer


def _theirs(request: PersonRequest, deal_id: int, spec: fields.FieldSpec) -> HttpResponse:
    value = fields.value_of(deal_of(request, deal_id), spec)
    raw = raw_text(spec, value)
    return JsonResponse(
        {"theirs": raw, "theirs_text": shown(spec, value, Choices(request.user.actor)), "version": raw}, status=409
    )
