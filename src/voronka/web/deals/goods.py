"""Goods and services of a deal: lines added from the catalogue, taken out again."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.catalogue.models import Product
from voronka.deals.actions import add_line, remove_line
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.web import formats
from voronka.web.requests import PersonRequest

from .answers import changed
from .entry import deal_of
from .fieldrows import language


@login_required
@require_http_methods(["GET", "POST"])
def lines(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    if request.method == "GET":
        return _dialog(request, deal)
    chosen = request.POST.get("product", "")
    product = (
        Product.objects.filter(is_active=True, pk=chosen).first() if chosen.isdigit() and len(chosen) < 18 else None
    )
    try:
        if product is None:
            raise FieldErrors({"product": _("Choose from the list.")})
        add_line(deal_id, by=request.user.actor, product=product, quantity=_quantity(request.POST.get("quantity", "1")))
    except FieldErrors as wrong:
        return _dialog(request, deal, errors=wrong.errors)
    return changed(request, deal, before=deal.stage)


@login_required
@require_http_methods(["DELETE", "POST"])
def line(request: PersonRequest, deal_id: int, line_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    if not deal.lines.filter(pk=line_id).exists():
        raise Http404
    remove_line(line_id, by=request.user.actor)
    return changed(request, deal, before=deal.stage)


def _quantity(text: str) -> Decimal:
    try:
        quantity = Decimal(text.replace(",", ".").strip() or "1")
    except InvalidOperation as error:
        raise FieldErrors({"quantity": _("Write a number.")}) from error
    if not quantity.is_finite():
        raise FieldErrors({"quantity": _("Write a number.")})
    return quantity


def _dialog(request: PersonRequest, deal: Deal, *, errors: dict[str, str] | None = None) -> HttpResponse:
    products = Product.objects.filter(is_active=True).order_by("-is_upsell", "name")
    context: dict[str, Any] = {
        "deal": deal,
        "products": [(one.pk, f"{one.name}, {formats.money(one.price, language())}") for one in products],
        "form": request.POST,
        "errors": errors or {},
    }
    return render(request, "deals/line.html", context, status=422 if errors else 200)
