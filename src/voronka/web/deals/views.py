"""The card and its parts; every part is fetched alone when something in the deal changes."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from voronka.deals import fields, notes, queries
from voronka.deals.actions import AlreadyTaken, read_deal, take_deal
from voronka.web.board.tiles import client_name
from voronka.web.requests import PersonRequest

from . import card as cards
from . import timeline
from .answers import changed
from .entry import deal_of, led_on


@login_required
@require_safe
def card(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The whole card: over another page as the inside of its panel, alone as a page."""
    try:
        deal = deal_of(request, deal_id, whole=True)
    except Http404:
        if led := led_on(request, deal_id):
            return led
        raise
    over = request.htmx.target == "card"
    facts = cards.card(deal, request.user, tab=request.GET.get("tab", ""))
    unread = deal.is_unread and deal.responsible_id == request.user.pk
    return render(request, "deals/card.html" if over else "deals/page.html", {**facts, "unread": unread, "over": over})


@login_required
@require_safe
def head(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    return render(request, "deals/head.html", {**cards.head(deal, request.user), "over": "over" in request.GET})


@login_required
@require_safe
def side(request: PersonRequest, deal_id: int) -> HttpResponse:
    return render(request, "deals/side.html", cards.side(deal_of(request, deal_id), request.user))


@login_required
@require_safe
def right(request: PersonRequest, deal_id: int) -> HttpResponse:
    return render(request, "deals/right.html", cards.right(deal_of(request, deal_id), request.user))


@login_required
@require_safe
def history(request: PersonRequest, deal_id: int) -> HttpResponse:
    """A tab of the timeline; `before` is a page of older events, `after` what has happened since."""
    deal = deal_of(request, deal_id, whole=True)
    tab = request.GET.get("tab", "")
    tab = tab if tab in timeline.TABS else ""
    by = request.user.actor
    before, after = (_id(request.GET.get(name, "")) for name in ("before", "after"))
    facts = {"deal": deal, "tab": tab, "client_name": client_name(deal)}
    if after is not None:
        known = fields.specs(by)
        context = {
            **facts,
            "days": timeline.newer(deal, by, known=known, tab=tab, after=after),
            "after": after,
            "shown_day": request.GET.get("day", ""),
            "touched": timeline.entries_of(deal, notes.touched(deal, after=after), by, known=known),
            "pinned": notes.pinned(deal),
            "tabs": cards.tabs(deal, tab, queries.history_counts(deal)),
        }
        return render(request, "deals/newer.html", context)
    if before is not None:
        page = timeline.page(deal, by, known=fields.specs(by), tab=tab, before=before)
        return render(request, "deals/older.html", {**facts, "history": page})
    return render(request, "deals/flow.html", cards.flow(deal, request.user, tab=tab))


@login_required
@require_POST
def taking(request: PersonRequest, deal_id: int) -> HttpResponse:
    """Whoever is first owns it; the other is told who was."""
    deal = queries.visible(request.user).filter(pk=deal_id).first()
    if deal is None:
        if owner := queries.taken_from(request.user, deal_id):
            raise AlreadyTaken(owner)
        raise Http404
    taken = take_deal(deal_id, by=request.user.actor)
    return changed(request, taken, before=deal.stage)


@login_required
@require_POST
def reading(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The card was opened: what is new in it has been seen by its responsible."""
    read_deal(deal_of(request, deal_id).pk, by=request.user.actor)
    return HttpResponse(status=204)


def _id(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 19 else None
