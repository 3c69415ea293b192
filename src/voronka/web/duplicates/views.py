"""The desk of duplicates: the next pair, an answer, the way back; and the search that fills it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from voronka.clients.models import Company, Contact, Suspicion
from voronka.deals.models import Deal
from voronka.duplicates import actions, queue
from voronka.kernel.errors import Refusal
from voronka.web.clients import sides
from voronka.web.clients.access import require_clients
from voronka.web.deals import merging
from voronka.web.requests import PersonRequest

from . import desk

ANSWERS = (queue.ONE, queue.DIFFERENT, queue.FAMILY, queue.LATER)


@login_required
@require_safe
def duplicates(request: PersonRequest) -> HttpResponse:
    """The queue of a kind with the pair `at` in hand, else the likeliest."""
    person = require_clients(request)
    at = request.GET.get("at", "")
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 19 else None
    return _shown(request, desk.facts(person, _kind(request.GET.get("kind", "")), number))


@login_required
@require_POST
def answer(request: PersonRequest, suspicion_id: int) -> HttpResponse:
    person = require_clients(request)
    said = request.POST.get("answer", "")
    asked = Suspicion.objects.filter(pk=suspicion_id).first()
    if asked is None or said not in ANSWERS or not queue.waiting(asked.kind, person).filter(pk=asked.pk).exists():
        raise Http404
    why = ""
    try:
        queue.judge(asked.pk, said, by=person.actor, values=_chosen(request, asked))
    except Refusal as no:
        why = no.reason
    return _after(request, asked.kind, why)


@login_required
@require_POST
def taking_back(request: PersonRequest) -> HttpResponse:
    """The last answer of this person."""
    person = require_clients(request)
    try:
        asked = queue.take_back(by=person.actor)
    except Refusal as no:
        return _after(request, _kind(request.POST.get("kind", "")), no.reason)
    if asked is None:
        return _after(request, _kind(request.POST.get("kind", "")), "")
    return _after(request, asked.kind, "", at=asked.pk)


@login_required
@require_safe
def progress(request: PersonRequest) -> HttpResponse:
    return render(request, "duplicates/search.html", desk.search_facts(require_clients(request)))


@login_required
@require_POST
def search(request: PersonRequest) -> HttpResponse:
    """Begin: over all, or over what is new."""
    _head(request)
    return _begun(request, lambda: actions.begin_search(by=request.user.actor, whole="whole" in request.POST))


@login_required
@require_POST
def search_undo(request: PersonRequest, scan_id: int) -> HttpResponse:
    _head(request)
    return _begun(request, lambda: actions.undo_search(scan_id, by=request.user.actor))


@login_required
@require_POST
def setting(request: PersonRequest) -> HttpResponse:
    _head(request)
    return _begun(request, lambda: actions.set_automatic(request.POST.get("automatic", ""), by=request.user.actor))


def _begun(request: PersonRequest, act: Any) -> HttpResponse:
    why = ""
    try:
        act()
    except Refusal as no:
        why = no.reason
    if not request.htmx:
        return redirect("duplicates")
    facts = {**desk.search_facts(request.user), "why": why}
    return render(request, "duplicates/search.html", facts, status=409 if why else 200)


def _head(request: PersonRequest) -> None:
    if not require_clients(request).may("manage_process"):
        raise Http404


def _kind(text: str) -> str:
    return text if text in Suspicion.Kind.values else Suspicion.Kind.PERSON.value


def _chosen(request: PersonRequest, asked: Suspicion) -> dict[str, Any]:
    """Values that the person took of one side."""
    if asked.kind == Suspicion.Kind.DEAL:
        both = Deal.objects.in_bulk((asked.left, asked.right))
        return merging.chosen(request, both[asked.left], both[asked.right])
    ids = (asked.left, asked.right)
    if asked.kind == Suspicion.Kind.PERSON:
        whose = dict(Contact.objects.filter(pk__in=ids).values_list("pk", "company_id"))
        ids = (whose[asked.left], whose[asked.right])
    rows = Company.objects.in_bulk(ids)
    return sides.chosen(request.POST, rows[ids[0]], rows[ids[1]])


def _after(request: PersonRequest, kind: str, why: str, *, at: int | None = None) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{reverse('duplicates')}?kind={kind}" + (f"&at={at}" if at else ""))
    return _shown(request, {**desk.facts(request.user, kind, at), "why": why}, status=409 if why else 200)


def _shown(request: PersonRequest, facts: dict[str, Any], status: int = 200) -> HttpResponse:
    inside = request.htmx and request.htmx.target == "duplicates"
    return render(request, "duplicates/desk.html" if inside else "duplicates/page.html", facts, status=status)
