"""Deals that belong together: the dialog of a link, and parting them."""

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.deals import queries
from voronka.deals.actions import link_deals, unlink_deals
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

from .answers import changed
from .entry import deal_of

#: «№1835», «1835» and the address of a card.
_NUMBER = re.compile(r"(?:№\s*|.*/deals/)?(\d{1,18})/?")


@login_required
@require_http_methods(["GET", "POST"])
def links(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    if request.method == "GET":
        return _dialog(request, deal, {})
    try:
        link_deals(
            deal.pk, _number(request.POST.get("other", "")), by=request.user.actor, word=request.POST.get("word", "")
        )
    except FieldErrors as wrong:
        return _dialog(request, deal, wrong.errors)
    return changed(request, deal)


@login_required
@require_POST
def parting(request: PersonRequest, deal_id: int, other_id: int) -> HttpResponse:
    deal, other = deal_of(request, deal_id), deal_of(request, other_id)
    unlink_deals(deal.pk, other.pk, by=request.user.actor)
    return changed(request, deal)


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise FieldErrors({"other": _("Write the number of the deal, for example 1835.")})
    return int(found[1])


def _words() -> tuple[str, ...]:
    """What people say most; any other word will do."""
    return _("continuation"), _("postponed"), _("same company"), _("recommended"), _("duplicate")


def _dialog(request: PersonRequest, deal: Deal, errors: dict[str, str]) -> HttpResponse:
    others = queries.visible(request.user).filter(company_id=deal.company_id).exclude(pk=deal.pk).order_by("-id")[:20]
    context: dict[str, Any] = {
        "deal": deal,
        "others": [(one.pk, f"{one.title or one.company.name}, {one.stage.title}") for one in others],
        "words": [(word, "") for word in _words()],
        "form": request.POST,
        "errors": errors,
    }
    return render(request, "deals/link.html", context, status=422 if errors else 200)
