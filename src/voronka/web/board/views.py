"""The board: page, its parts that live updates fetch, and one tile."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from voronka.deals import queries
from voronka.deals.board import PAGE, Cell, next_page
from voronka.deals.filters import OPEN
from voronka.deals.models import Deal, Stage
from voronka.kernel.filters import EVERYTHING, view_of
from voronka.web.list.bar import FilterBar, bar_of, board_place
from voronka.web.requests import PersonRequest

from . import lanes
from .columns import columns, deals_text, heads, more_url
from .folds import kept
from .state import LANES, ORDERS, TABS, BoardState, counts
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
    layout = kept(request.user)
    if state.lanes:
        shown, found = lanes.board_with_lanes(state, layout)
    else:
        shown, found = columns(state, layout), []
    return render(
        request,
        "board/page.html",
        {
            "current": "deals",
            **bar_facts(state),
            "filter_bar": filter_bar(state, request),
            "columns": [column for column in shown if column.kind in ("", "queue")],
            "slims": [column for column in shown if column.kind in ("won", "lost")],
            "lanes": found,
            "funnels": list(state.ways),
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
    """The next tiles of a column, or of its part in a lane, and the next pager."""
    state = BoardState.read(request)
    stage = next((one for one in state.stages if one.pk == stage_id), None)
    if stage is None:
        raise Http404
    cell = _cell(request, stage, state)
    found = next_page(state.deals(), cell, order=state.order, after=request.GET.get("after", ""))
    shown = tiles(found[:PAGE], state)
    return render(request, "board/tiles.html", {"tiles": shown.values(), "more": more_url(cell, found, state)})


@login_required
@require_safe
def lane(request: PersonRequest, key: str) -> HttpResponse:
    """The body of a lane, with `whole` its head too; nothing when nobody has anything there any more."""
    state = BoardState.read(request)
    _lane_value(key, state)
    found = lanes.one_lane(state, kept(request.user), key)
    if found is None:
        return HttpResponse(status=204)
    return render(request, "board/lane.html", {"lane": found, "state": state, "whole": "whole" in request.GET})


@login_required
@require_safe
def lane_heads(request: PersonRequest) -> HttpResponse:
    """Heads of all lanes, as they count now."""
    state = BoardState.read(request)
    if not state.lanes:
        raise Http404
    return render(
        request, "board/lane_heads.html", {"lanes": lanes.lane_heads(state, kept(request.user)), "state": state}
    )


@login_required
@require_safe
def tile(request: PersonRequest, deal_id: int) -> HttpResponse:
    """One tile as it is now; nothing when it is no longer on this board."""
    deal = queries.visible(request.user).filter(pk=deal_id).first()
    state = BoardState.read(request)
    if deal is None or deal.closed_at or deal.funnel_id != state.funnel.pk:
        return HttpResponse(status=204)
    if not state.deals().filter(pk=deal_id).exists():
        return HttpResponse(status=204)
    shown = tiles([deal], state)
    return render(request, "board/tile.html", {"t": shown[deal.pk]})


@login_required
@require_safe
def some_tiles(request: PersonRequest) -> HttpResponse:
    """Tiles by their deals' ids, as they are now, for live updates. What left this board is left out."""
    state = BoardState.read(request)
    wanted = [int(number) for number in request.GET.get("ids", "").split(",") if number.isdecimal()][:MOST_TILES]
    deals = state.deals().filter(pk__in=wanted, closed_at=None)
    shown = tiles(deals, state)
    return render(request, "board/tiles.html", {"tiles": shown.values(), "more": ""})


def _cell(request: PersonRequest, stage: Stage, state: BoardState) -> Cell:
    return Cell(stage, state.lane, _lane_value(request.GET.get("lane", ""), state)) if state.lanes else Cell(stage)


def _lane_value(key: str, state: BoardState) -> int | None:
    try:
        if state.lanes:
            return lanes.value_of(key)
    except ValueError:
        pass
    raise Http404


def filter_bar(state: BoardState, request: PersonRequest) -> FilterBar:
    """Conditions as chips, or their editor; the same as over the list."""
    rows = Deal.objects.visible_to(state.person).filter(funnel=state.funnel, closed_at=None)
    place = board_place({name: request.GET.get(name, "") for name in ("sort", "lanes")} | {"funnel": state.funnel.key})
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
    lane_choices = [
        {"title": title, "url": f"{reverse('board')}?{state.with_(lanes=key).query}", "current": key == state.lanes}
        for key, title in LANES.items()
    ]
    return {
        "state": state,
        "lane_choices": lane_choices,
        "lanes_title": LANES[state.lanes],
        "filter_url": f"{reverse('board')}?{state.query}&edit=new" if state.tree == EVERYTHING else "",
        "list_url": f"{reverse('deals')}?{state.query}",
        "views": views,
        "views_url": f"{reverse('views-tabs')}?on=board&{state.query}",
        "orders": orders,
        "order_title": ORDERS[state.order],
        "total_text": deals_text(found["here"]),
        "total_amount": found["sum"],
    }
