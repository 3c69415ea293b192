"""Deals that belong together: the dialog of a link, what it finds while one types, and parting them."""

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.clients.search import top
from voronka.deals import queries
from voronka.deals.actions import link_deals, unlink_deals
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.web.board.tiles import client_name
from voronka.web.requests import PersonRequest

from .answers import changed
from .entry import deal_of

MOST = 8
#: «№1835», «1835» and the address of a card.
_NUMBER = re.compile(r"(?:№\s*|.*/deals/)?(\d{1,18})/?")


@login_required
@require_http_methods(["GET", "POST"])
def links(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    if request.method == "GET":
        return _dialog(request, deal, {})
    try:
        other = _number(request.POST.get("other", "") or request.POST.get("typed", ""))
        link_deals(deal.pk, other, by=request.user.actor, word=request.POST.get("word", ""))
    except FieldErrors as wrong:
        return _dialog(request, deal, wrong.errors)
    return changed(request, deal)


@login_required
@require_safe
def options(request: PersonRequest, deal_id: int) -> HttpResponse:
    """Deals to link with, by number, address, name or phone of their client; nothing yet: others of this client."""
    deal, typed = deal_of(request, deal_id), request.GET.get("q", "").strip()
    found = [_option(one) for one in _found(request.user, deal, typed)]
    return JsonResponse({"options": found, "none": _("No deal is found")})


def _found(person: Person, deal: Deal, typed: str) -> list[Deal]:
    seen = queries.visible(person).exclude(pk=deal.pk)
    number = _NUMBER.fullmatch(typed)
    named = list(seen.filter(pk=int(number[1]))) if number else []
    clients = [one.pk for one in top(person, typed, limit=MOST)[0]] if typed else [deal.company_id]
    of_clients = seen.filter(company__in=clients).order_by(F("closed_at").desc(nulls_first=True), "-id")
    return list(dict.fromkeys([*named, *of_clients[:MOST]]))[:MOST]


def _option(deal: Deal) -> dict[str, Any]:
    title = ", ".join(part for part in (f"№{deal.pk}", client_name(deal), deal.title) if part)
    return {"id": deal.pk, "title": title, "note": deal.stage.title}


@login_required
@require_POST
def parting(request: PersonRequest, deal_id: int, other_id: int) -> HttpResponse:
    deal, other = deal_of(request, deal_id), deal_of(request, other_id)
    unlink_deals(deal.pk, other.pk, by=request.user.actor)
    return changed(request, deal)


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise FieldErrors({"other": _("Choose a deal from the list or write its number, for example 1835.")})
    return int(found[1])


def _words() -> tuple[str, ...]:
    """What people say most; any other word will do."""
    return _("continuation"), _("postponed"), _("same company"), _("recommended"), _("duplicate")


def _dialog(request: PersonRequest, deal: Deal, errors: dict[str, str]) -> HttpResponse:
    context: dict[str, Any] = {
        "deal": deal,
        "words": [(word, "") for word in _words()],
        "form": request.POST,
        "errors": errors,
    }
    return render(request, "deals/link.html", context, status=422 if errors else 200)
