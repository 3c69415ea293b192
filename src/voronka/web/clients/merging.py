"""Clients that may be one: found, laid side by side, made one, and parted again."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from voronka.clients.likely import Likely, likely_same
from voronka.clients.merges import holder_of, standing
from voronka.clients.models import Company, Merge
from voronka.deals.actions import merge_clients, undo_merge
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from . import sides
from .access import client_of
from .answers import dialog, is_htmx

#: So many people of a client are looked for among the others.
PEOPLE = 5


@login_required
@require_safe
def similar(request: PersonRequest, company_id: int) -> HttpResponse:
    """Who this client may be as well, why, and what became part of it."""
    company = client_of(request, company_id)
    facts = {"company": company, "found": _likely(request.user, company), "merges": standing("company", company.pk)}
    return render(request, "clients/similar.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
def merges(request: PersonRequest, company_id: int) -> HttpResponse:
    """GET: this client beside `other`; POST makes the other part of this one, with the values chosen."""
    company = client_of(request, company_id)
    other = client_of(request, _number((request.POST or request.GET).get("other", "")))
    both = sides.side_by_side(company, other, request.user)
    return dialog(
        request,
        "clients/merge.html",
        {"company": company, "other": other, "sides": both},
        lambda: _merge(request, company, other),
        lambda: _to(request, company.pk),
    )


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, merge_id: int) -> HttpResponse:
    """GET asks whose the things shall be that came since; POST parts the two."""
    found = Merge.objects.filter(pk=merge_id, kind="company", within=None, undone_at=None).first()
    if found is None:
        raise Http404
    company = client_of(request, holder_of("company", found.survivor))
    since = [("", company.name), ("other", found.title)]
    return dialog(
        request,
        "clients/part.html",
        {"company": company, "merge": found, "since": since},
        lambda: _part(request, found),
        lambda: _to(request, found.survivor if company.pk == found.survivor else company.pk),
    )


def led_on(company_id: int) -> HttpResponse | None:
    """Where a client that became part of another one is now. Not to be kept by browsers: the two may be parted."""
    holder = holder_of("company", company_id) if company_id < 2**63 else company_id
    if holder == company_id:
        return None
    answer = redirect("client", holder, permanent=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _likely(person: Person, company: Company) -> list[Likely]:
    found: dict[int, Likely] = {}
    for contact in company.contacts.prefetch_related("identities").order_by("is_child", "pk")[:PEOPLE]:
        identities = [(one.kind, one.value) for one in contact.identities.all()]
        for likely in likely_same(person, name=contact.name, identities=identities, limit=10):
            if likely.contact.company_id != company.pk:
                found.setdefault(likely.contact.company_id, likely)
    return list(found.values())[:PEOPLE]


def _merge(request: PersonRequest, company: Company, other: Company) -> None:
    chosen = sides.chosen(request.POST, company, other)
    try:
        merge_clients(company.pk, other.pk, by=request.user.actor, values=chosen)
    except Refusal as no:
        raise FieldErrors({"": no.reason}) from no


def _part(request: PersonRequest, found: Merge) -> None:
    try:
        undo_merge(found.pk, by=request.user.actor, since_to_other=request.POST.get("since") == "other")
    except Refusal as no:
        raise FieldErrors({"": no.reason}) from no


def _to(request: PersonRequest, company_id: int) -> HttpResponse:
    address = reverse("client", args=[company_id])
    return HttpResponse(headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)
