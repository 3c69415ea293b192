"""The list of deals: page, its next rows, one row, its figures, and the form of one condition."""

from decimal import Decimal
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from voronka.deals.filters import OPEN, VIEWS
from voronka.deals.models import Stage
from voronka.kernel.filters import EVERYTHING, FilterError, both, view_of
from voronka.web.requests import PersonRequest

from .bar import Place, bar_of, board_place, form_of, parts_of, with_condition
from .builder import condition_from, draft_of
from .orders import page_of
from .rows import columns, declared_columns, inks_of, rows_of
from .state import ListState

TONES = ("late", "stepless")


@login_required
@require_safe
def deals(request: PersonRequest) -> HttpResponse:
    """The page; with `after` only the next rows."""
    state = ListState.read(request)
    known = state.specs
    after = request.GET.get("after", "")
    found, more = page_of(state.deals(), state.order, after=after)
    inks = inks_of(Stage.objects.filter(is_active=True).order_by("position"))
    heads = columns(declared_columns(known))
    facts = {
        "state": state,
        "rows": rows_of(found, known=known, inks=inks, query=state.query),
        "columns": heads,
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
            **figures(state),
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
    found = list(state.deals().filter(pk=deal_id))
    if not found:
        return HttpResponse(status=204)
    inks = inks_of(Stage.objects.filter(is_active=True).order_by("position"))
    known = state.specs
    [only] = rows_of(found, known=known, inks=inks, query=state.query)
    return render(request, "list/row.html", {"r": only, "columns": columns(declared_columns(known))})


@login_required
@require_safe
def totals(request: PersonRequest) -> HttpResponse:
    """What the whole filter holds: the views with their counts, or (`part=foot`) the foot of the table."""
    state = ListState.read(request)
    facts = {"state": state, **figures(state), "columns": columns(declared_columns(state.specs))}
    template = "list/foot.html" if request.GET.get("part") == "foot" else "list/views.html"
    return render(request, template, facts)


@login_required
@require_safe
def condition(request: PersonRequest) -> HttpResponse:
    """The form of one condition: with `apply` it goes back to the page with the condition in its filter."""
    state = ListState.read(request)
    to_board = request.GET.get("to") == "board"
    place = board_place(request.GET) if to_board else place_of(state)
    rows = state.seen.filter(closed_at=None) if to_board else state.seen
    index = request.GET.get("index", "new")
    errors: dict[str, str] = {}
    made = None
    try:
        made = with_condition(state.tree, condition_from(state.known, request.GET), index)
    except FilterError as error:
        errors = error.errors
    if made is not None and "apply" in request.GET:
        address = place.url(made, edit="new")
        return HttpResponse(headers={"HX-Redirect": address}) if _is_htmx(request) else redirect(address)
    left = None if made is None else rows.filter(state.condition(made)).count()
    wrong = errors if "apply" in request.GET else {}
    form = form_of(draft_of(state.known, request.GET, errors=wrong), state.tree, place, index, left=left)
    return render(request, "list/draft.html", {"form": form}, status=422 if wrong else 200)


def figures(state: ListState) -> dict:
    """Counted by the database for the whole filter: the foot and the views. One query while the list is of open deals,
    which the index of open ones serves; else two."""
    open_deals = state.seen.filter(closed_at=None)
    views = {f"view_{view.key}": Count("pk", filter=state.condition(view.tree)) for view in VIEWS}
    chosen = state.condition(state.tree)
    held = {
        "here": Count("pk", filter=chosen),
        "sum": Coalesce(Sum("amount", filter=chosen), Decimal(0)),
        **{
            f"tone_{view.key}": Count("pk", filter=state.condition(both(state.tree, view.tree)))
            for view in VIEWS
            if view.key in TONES
        },
    }
    if OPEN in parts_of(state.tree):
        found = open_deals.aggregate(**views, **held)
    else:
        found = open_deals.aggregate(**views) | state.seen.filter(chosen).aggregate(**held)
    here = found["here"]
    return {
        "total_text": ngettext("%(num)s deal", "%(num)s deals", here) % {"num": here},
        "total_amount": found["sum"],
        "average": found["sum"] / here if here else None,
        "views": _views(state, found),
        "marks": [
            {
                "title": view.title,
                "count": found[f"tone_{view.key}"],
                "tone": view.tone,
                "url": f"{reverse('deals')}?{state.with_(tree=both(state.tree, view.tree)).query}",
            }
            for view in VIEWS
            if view.key in TONES
        ],
    }


def place_of(state: ListState) -> Place:
    """Where the filter's links of the list lead."""
    facts = {key: value for key, value in state.facts.items() if key != "filter"}
    return Place(path=reverse("deals"), usual=OPEN, facts=facts)


def _is_htmx(request: PersonRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _views(state: ListState, found: dict) -> list[dict]:
    current = view_of(state.tree, VIEWS)
    shown = [
        {
            "title": view.title,
            "tone": view.tone if found[f"view_{view.key}"] else "",
            "count": found[f"view_{view.key}"],
            "url": f"{reverse('deals')}?{state.with_(tree=view.tree).query}".rstrip("?"),
            "current": view == current,
        }
        for view in VIEWS
    ]
    everything = {
        "title": _("All, closed too"),
        "tone": "",
        "count": None,
        "url": f"{reverse('deals')}?{state.with_(tree=EVERYTHING).query}",
        "current": state.tree == EVERYTHING,
    }
    return [*shown, everything]


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
    return Place(path=reverse("board"), usual=EVERYTHING, facts=facts).url(tree)
