"""Fields of the card edited in place. The conflict is by field: two people in one card lose nothing."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from voronka.deals import fields, queries
from voronka.deals.actions import change_deal
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.kernel.errors import Conflict
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from . import fieldrows
from .answers import with_news
from .entry import deal_of, typed


@login_required
@require_http_methods(["PATCH"])
def patch(request: PersonRequest, deal_id: int) -> HttpResponse:
    """`{key}=new&version=what was seen`. 200 is the row again, 409 tells both values, 422 what is wrong."""
    deal_of(request, deal_id)
    known, form = fields.specs(request.user.actor), typed(request)
    key = next((key for key in form if key in known), None)
    if key is None:
        raise Http404
    seen = {key: form["version"]} if "version" in form else None
    try:
        change_deal(deal_id, by=request.user.actor, values={key: form[key]}, seen=seen)
    except Conflict:
        return _theirs(request, deal_of(request, deal_id), known[key], str(form[key]))
    return row_again(request, deal_id, key)


def row_again(request: PersonRequest, deal_id: int, key: str) -> HttpResponse:
    """The row of a field as it is now, and the news of its change."""
    deal, spec = deal_of(request, deal_id), fields.specs(request.user.actor)[key]
    ahead = [one for one in queries.stages_of(deal.funnel) if one.position > deal.stage.position]
    need = fieldrows.needed(ahead).get(key, "")
    row = fieldrows.row(deal, spec, choices=fieldrows.Choices(request.user.actor), editable=True, need=need)
    return with_news(render(request, "deals/row.html", {"f": row}), request, deal)


def _theirs(request: PersonRequest, deal: Deal, spec: FieldSpec, mine: str | list[object]) -> HttpResponse:
    """Both values, and the dialog that shows them side by side."""
    value, choices = fields.value_of(deal, spec), fieldrows.Choices(request.user.actor)
    raw, text = fieldrows.raw_text(spec, value), fieldrows.shown(spec, value, choices)
    last = next(iter(queries.changes_of_field(deal, spec.key)), None)
    context = {
        "deal": deal,
        "field": spec,
        "theirs": text,
        "mine": fieldrows.shown(spec, fields.parse(spec, mine), choices),
        "at": last.at if last else None,
        "who": Person.objects.filter(pk=last.person_id).first() if last and last.person_id else None,
    }
    dialog = render_to_string("deals/conflict.html", context, request)
    return JsonResponse({"theirs": raw, "theirs_text": text, "version": raw, "dialog": dialog}, status=409)
