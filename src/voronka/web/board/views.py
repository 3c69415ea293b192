"""The board: page, its parts that live updates fetch, and one tile."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from voronka.deals import queries
from voronka.deals.filters import OPEN
from voronka.deals.models import Deal, Stage
from voronka.kernel.filters import EVERYTHING, view_of
from voronka.web.list.bar import FilterBar, bar_of, board_place
from voronka.web.requests import PersonRequest

from .columns import columns, heads, more_url
from .state import ORDERS, TABS, BoardState, counts
from .tiles import tiles

#: How many tiles one live answer holds.
MOST_TILES = 60


@login_required
@require_safe
def board(request: PersonRequest) -> HttpResponse:
    """The whole page. Without a funnel in the address it goes to the first one, so that the address can be shared."""
    state = BoardState.read(request)
    if "funnel" not in request.GET:
        return redirect(f"{reverse('board')}?{state.query}")
    shown = columns(state)
    return render(
        request,
        "board/page.html",
        {
            "current": "deals",
            **bar_facts(state),
            "filter_bar": filter_bar(state, request),
            "columns": [column for column in shown if column.kind in ("", "queue")],
            "slims": [column for column in shown if column.kind in ("won", "lost")],
            "funnels": state.funnels,
            "empty": not any(column.count for column in shown),
        },
    )


@login_required
@require_safe
def bar(request: PersonRequest) -> HttpResponse:
    """Quick views with their counts."""
    return render(request, "board/bar.html", bar_facts(BoardState.read(request)))


@login_required
@require_safe
def head(request: PersonRequest, stage_id: int) -> HttpResponse:
    """Head of one column."""
    found = heads(BoardState.read(request), [stage_id])
    if not found:
        raise Http404
    return render(request, "board/head.html", {"c": found[0]})


@login_required
@require_safe
def page(request: PersonRequest, stage_id: int) -> HttpResponse:
    """The next tiles of a column, and the next pager."""
    state = BoardState.read(request)
    stage = get_object_or_404(Stage, pk=stage_id, funnel=state.funnel, is_active=True)
    deals = state.deals().filter(closed_at=None)
    found = queries.next_page(deals, stage, order=state.order, after=request.GET.get("after", ""))
    more = more_url(stage, found[queries.PAGE - 1], state) if len(found) > queries.PAGE else ""
    shown = tiles(found[: queries.PAGE], person=request.user, query=state.query, order=state.order)
    return render(request, "board/tiles.html", {"tiles": shown.values(), "more": more})


@login_required
@require_safe
def tile(request: PersonRequest, deal_id: int) -> HttpResponse:
    """One tile as it is now; nothing when it is no longer on this board."""
    deal = queries.visible(request.user).filter(pk=deal_id).select_related("funnel").first()
    state = BoardState.read(request)
    if deal is None or deal.closed_at or deal.funnel_id != state.funnel.pk:
        return HttpResponse(status=204)
    if not state.deals().filter(pk=deal_id).exists():
        return HttpResponse(status=204)
    shown = tiles([deal], person=request.user, query=state.query, order=state.order)
    return render(request, "board/tile.html", {"t": shown[deal.pk]})


@login_required
@require_safe
def some_tiles(request: PersonRequest) -> HttpResponse:
    """Tiles by their deals' ids, as they are now, for live updates. What left this board is left out."""
    state = BoardState.read(request)
    wanted = [int(number) for number in request.GET.get("ids", "").split(",") if number.isdecimal()][:MOST_TILES]
    deals = state.deals().filter(pk__in=wanted, closed_at=None)
    shown = tiles(deals.select_related("funnel"), person=request.user, query=state.query, order=state.order)
    return render(request, "board/tiles.html", {"tiles": shown.values(), "more": ""})


def filter_bar(state: BoardState, request: PersonRequest) -> FilterBar:
    """Conditions as chips, or their editor; the same as over the list."""
    rows = Deal.objects.visible_to(state.person).filter(funnel=state.funnel, closed_at=None)
    place = board_place({"funnel": state.funnel.key, "sort": request.GET.get("sort", "")})
    edit = request.GET.get("edit", "")
    return bar_of(state.tree, place, known=state.known, scope=state.scope, rows=rows, edit=edit)


def bar_facts(state: BoardState) -> dict:
    found = counts(state)
    current = view_of(state.tree, TABS)
    views = [
        {
            "title": view.title,
            "tone": view.tone if found[f"n_{view.key}"] else "",
            "count": found[f"n_{view.key}"],
            "url": f"{reverse('board')}?{state.with_(tree=EVERYTHING if view.tree == OPEN else view.tree).query}",
            "current": view == current or (view.tree == OPEN and state.tree == EVERYTHING),
        }
        for view in TABS
    ]
    orders = [
        {"title": title, "url": f"{reverse('board')}?{state.with_(order=key).query}", "current": key == state.order}
        for key, title in ORDERS.items()
    ]
    return {
        "state": state,
        "filter_url": f"{reverse('board')}?{state.query}&edit=new" if state.tree == EVERYTHING else "",
        "list_url": f"{reverse('deals')}?{state.query}",
        "views": views,
        "views_url": f"{reverse('views-tabs')}?on=board&{state.query}",
        "orders": orders,
        "order_title": ORDERS[state.order],
        "total_text": ngettext("%(num)s deal", "%(num)s deals", found["here"]) % {"num": found["here"]},
        "total_amount": found["sum"],
    }
