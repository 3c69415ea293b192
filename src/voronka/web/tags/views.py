"""Tags of one deal or one client: shown, hung on by name, taken off."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from voronka.clients.models import Company
from voronka.clients.tags import known_tags, shown, tag_company, titles_of
from voronka.deals.access import may_change
from voronka.deals.actions import tag_deals
from voronka.kernel.errors import FieldErrors
from voronka.web.clients.access import client_of
from voronka.web.deals.entry import deal_of, typed
from voronka.web.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deal_tags(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The strip of a deal's card; POST hangs on what is typed and takes off the key in `remove`."""
    deal, errors = deal_of(request, deal_id), {}
    if request.method == "POST":
        add, remove = _asked(request)
        try:
            refused = tag_deals([deal_id], by=request.user.actor, add=add, remove=remove)
            for no in refused.values():
                raise no
        except FieldErrors as wrong:
            errors = wrong.errors
        deal = deal_of(request, deal_id)
    live = f"deal:{deal_id}"
    return _strip(request, f"/deals/{deal_id}/tags", deal.tags, live, errors, may=may_change(request.user.actor, deal))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_tags(request: PersonRequest, company_id: int) -> HttpResponse:
    """The same of a client."""
    company: Company = client_of(request, company_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        add, remove = _asked(request)
        try:
            company = tag_company(company_id, by=request.user.actor, add=add, remove=remove)
        except FieldErrors as wrong:
            errors = wrong.errors
    return _strip(request, f"/clients/{company_id}/tags", company.tags, f"company:{company_id}", errors, may=True)


def _asked(request: PersonRequest) -> tuple[list[str], list[str]]:
    form = typed(request)
    return titles_of(form.get("add", "")), form.getlist("remove")


def _strip(
    request: PersonRequest, url: str, keys: Sequence[str], live: str, errors: dict[str, str], *, may: bool
) -> HttpResponse:
    known = known_tags()
    hung = shown(keys, known)
    facts = {
        "address": url,
        "tags": hung,
        "others": [tag for key, tag in known.items() if key == tag.key and tag not in hung],
        "live": live,
        "may": may,
        "errors": errors,
        "typed": typed(request).get("add", "") if errors else "",
    }
    return render(request, "tags/strip.html", facts, status=422 if errors else 200)
