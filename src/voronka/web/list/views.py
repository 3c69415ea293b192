"""The list of deals: page, its next rows, one row, its figures, and the form of one condition."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from voronka.deals.filters import OPEN
from voronka.deals.models import Deal
from voronka.kernel.filters import EVERYTHING
from voronka.web.requests import PersonRequest

from .bar import Place, bar_of
from .columns import chosen
from .edits import options_of
from .figures import figures
from .orders import page_of
from .rows import Page, rows_of
from .state import ListState


@login_required
@require_safe
def deals(request: PersonRequest) -> HttpResponse:
    """The page; with `after` only the next rows."""
    state = ListState.read(request)
    columns = chosen(request.user, state.specs)
    after = request.GET.get("after", "")
    found, more = page_of(state.deals(), state.order, after=after)
    shared = Page.of(columns, state.specs, query=state.query, by=request.user.actor)
    facts = {
        "state": state,
        "rows": rows_of(found, shared),
        "columns": columns,
        "more": f"{reverse('deals')}?{urlencode({**state.facts, 'after': more})}" if more else "",
    }
    if after and _is_htmx(request):
        return render(request, "list/rows.html", facts)
    edit = request.GET.get("edit", "")
    return render(
        request,
        "list/page.html",
        {
            **facts,
            **figures(state, columns),
            "edits": shared.edits,
            "may_export": request.user.may("export_deals"),
            "options": options_of(columns, state.specs, state.funnels, request.user.actor),
            "current": "deals",
            "sort_url": lambda key: f"{reverse('deals')}?{state.with_(sort=key).query}",
            "funnel_links": _funnel_links(state),
            "bar": bar_of(
                state.tree, place_of(state), known=state.known, scope=state.scope, rows=state.seen, edit=edit
            ),
            "board_url": _board_url(state),
            "views_url": f"{reverse('views-tabs')}?on=deals&{state.query}",
        },
    )


@login_required
@require_safe
def row(request: PersonRequest, deal_id: int) -> HttpResponse:
    """One row as it is now; nothing when it has left this list."""
    state = ListState.read(request)
    return render_row(request, state, state.deals().filter(pk=deal_id))


def render_row(request: PersonRequest, state: ListState, deals: QuerySet[Deal]) -> HttpResponse:
    """The one deal there is as a row of this list; 204 when there is none."""
    columns = chosen(request.user, state.specs)
    found = list(deals)
    if not found:
        return HttpResponse(status=204)
    rows = rows_of(found, Page.of(columns, state.specs, query=state.query, by=request.user.actor))
    return render(request, "list/row.html", {"rows": rows})


@login_required
@require_safe
def totals(request: PersonRequest) -> HttpResponse:
    """What the whole filter holds: the views with their counts, or (`part=foot`) the foot of the table."""
    state = ListState.read(request)
    columns = chosen(request.user, state.specs)
    facts = {"state": state, **figures(state, columns), "columns": columns}
    template = "list/foot.html" if request.GET.get("part") == "foot" else "list/views.html"
    return render(request, template, facts)


def place_of(state: ListState) -> Place:
    """Where the filter's links of the list lead."""
    facts = {key: value for key, value in state.facts.items() if key != "filter"}
    return Place(path=reverse("deals"), usual=OPEN, on="deals", facts=facts)


def _is_htmx(request: PersonRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _funnel_links(state: ListState) -> list[dict]:
    none = [{"title": _("All funnels"), "url": f"{reverse('deals')}?{state.with_(funnel=None).query}", "key": ""}]
    return none + [
        {"title": one.title, "url": f"{reverse('deals')}?{state.with_(funnel=one).query}", "key": one.key}
        for one in state.funnels
    ]


def _board_url(state: ListState) -> str:
    """The same filter on the board; «all open» is the board as it is."""
    tree = EVERYTHING if state.tree == OPEN else state.tree
    facts = {"funnel": state.funnel.key} if state.funnel else {}
    return Place(path=reverse("board"), usual=EVERYTHING, on="board", facts=facts).url(tree)
