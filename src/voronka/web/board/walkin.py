"""«+»: somebody came by himself. Name, phone, Enter."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals.models import Deal
from voronka.intake.actions import receive_walk_in
from voronka.intake.actions.receive_walk_in import WalkIn
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Brand, Person
from voronka.web.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def walk_ins(request: PersonRequest) -> HttpResponse:
    """The dialog, and the inquiry it makes."""
    if request.method == "GET":
        return _dialog(request, {})
    form = request.POST
    try:
        if len(form.get("name", "")) > 200:
            raise FieldErrors({"name": _("At most 200 characters.")})
        came = receive_walk_in(
            by=request.user.actor,
            name=form.get("name", "").strip(),
            phone=form.get("phone", "").strip(),
            text=form.get("text", "").strip()[:5000],
            brand=_brand(request.user, form.get("brand", "")),
        )
    except FieldErrors as wrong:
        return _dialog(request, wrong.errors)
    except Refusal as no:
        return _dialog(request, {"": no.reason})
    return _told(request, came)


def _brand(person: Person, chosen: str) -> Brand | None:
    return Brand.objects.filter(pk=chosen).first() if chosen.isdigit() and len(chosen) < 18 else None


def _dialog(request: PersonRequest, errors: dict[str, str]) -> HttpResponse:
    own = list(request.user.brands.order_by("name"))
    brands = own or list(Brand.objects.order_by("name"))
    context = {
        "form": request.POST,
        "errors": errors,
        "brands": [(brand.pk, brand.name) for brand in brands] if len(brands) > 1 else [],
    }
    return render(request, "board/walkin.html", context, status=422 if errors else 200)


def _told(request: PersonRequest, came: WalkIn) -> HttpResponse:
    """What came of it, with the way to the card when it is this person's to see."""
    deal = came.deal
    led = came.led_by.name if came.led_by else ""
    text = {
        "opened": _("Deal №%(number)s is opened"),
        "taken": _("Known client: the waiting deal №%(number)s is yours now"),
        "joined": _("Known client: written into deal №%(number)s"),
        "led": _("Known client: the deal is led by %(name)s, who will be told"),
    }[came.outcome] % {"number": deal.pk, "name": led}
    sees = Deal.objects.visible_to(request.user).filter(pk=deal.pk).exists()
    news = {"deal": deal.pk, "funnel": deal.funnel_id, "stage": deal.stage_id, "stages": [deal.stage_id]}
    toast = {"text": text, **({"open": f"/deals/{deal.pk}"} if sees else {})}
    response = HttpResponse(status=204)
    facts = {"toast": toast, "live:change": {**news, "kind": "deal.created", "person": request.user.pk}}
    response.headers["HX-Trigger"] = json.dumps(facts)
    return response
