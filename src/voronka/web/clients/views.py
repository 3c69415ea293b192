"""Pages of clients: the list, the card, its live parts, and a new client."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from voronka.clients.actions import normalise, register_client
from voronka.clients.filters import kind_options
from voronka.clients.models import Company
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest
from voronka.web.views.over import over

from . import card, lists, merging
from .access import client_of, require_clients
from .answers import is_htmx
from .parts import PARTS


@login_required
@require_safe
def clients(request: PersonRequest) -> HttpResponse:
    """The list; with `after` only the next rows."""
    person = require_clients(request)
    asked = lists.Asked.read(request)
    rows, found = lists.search(person, asked)
    after = request.GET.get("after", "")
    of_kind = rows.filter(kind=asked.kind) if asked.kind else rows
    companies, more = lists.page_of(of_kind, after=after)
    facts = {
        "rows": lists.rows_of(companies, person),
        "more": asked.url(after=more) if more else "",
        "asked": asked,
    }
    if after and is_htmx(request):
        return render(request, "clients/rows.html", facts)
    tallies = lists.chips(asked, rows)
    return render(
        request,
        "clients/page.html",
        {
            **facts,
            "current": "clients",
            "found": found,
            "tallies": tallies,
            "literal_url": asked.url(literal="1"),
            **over("clients", request, asked.tree),
        },
    )


@login_required
@require_safe
def client(request: PersonRequest, company_id: int) -> HttpResponse:
    try:
        company = client_of(request, company_id)
    except Http404:
        if led := merging.led_on(company_id):
            return led
        raise
    return render(request, "clients/card.html", card.card(company, request.user))


@login_required
@require_safe
def part(request: PersonRequest, company_id: int, name: str) -> HttpResponse:
    """One part of the card as it is now."""
    company = client_of(request, company_id)
    if name not in PARTS:
        raise Http404
    template, facts = PARTS[name]
    return render(request, template, facts(company, request.user))


@login_required
@require_safe
def older(request: PersonRequest, company_id: int) -> HttpResponse:
    """Earlier events."""
    company = client_of(request, company_id)
    before = request.GET.get("before", "")
    if not before.isascii() or not before.isdigit() or len(before) > 18:
        raise Http404
    return render(request, "clients/older.html", card.story(company, request.user, before=int(before)))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A client entered by hand; whoever enters it sees it, and so do the heads of the brand."""
    person = require_clients(request)
    form = {key: request.POST.get(key, "").strip() for key in ("name", "phone", "email")}
    form["kind"] = request.POST.get("kind", Company.Kind.FAMILY)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _entered(request, person, form)
        except FieldErrors as error:
            errors = error.errors
    facts = {"form": form, "errors": errors, "kinds": kind_options(), "current": "clients"}
    template = "clients/new.html" if is_htmx(request) else "clients/new_page.html"
    return render(request, template, facts, status=422 if errors else 200)


def _entered(request: PersonRequest, person: Any, form: dict[str, str]) -> HttpResponse:
    errors, identities = {}, []
    if not form["name"]:
        errors["name"] = _("Write the name.")
    if form["kind"] not in Company.Kind.values:
        errors["kind"] = _("Choose from the list.")
    for kind in ("phone", "email"):
        if form[kind]:
            try:
                identities.append((kind, normalise(kind, form[kind])))
            except FieldErrors as error:
                errors |= error.errors
    if errors:
        raise FieldErrors(errors)
    brands = [f"b:{brand.pk}" for brand in person.brands.all()] or ["b:0"]
    contact = register_client(
        by=person.actor,
        name=form["name"],
        kind=form["kind"],
        identities=identities,
        home=[f"s:{person.seat_id}", *brands],
    )
    address = reverse("client", args=[contact.company_id])
    return HttpResponse(headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)
