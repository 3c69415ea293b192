"""An act: how far it is, what became of each deal, stopping it and taking it back."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from voronka.bulk import queries
from voronka.bulk.actions import stop_act, undo_act
from voronka.bulk.models import Act, Row
from voronka.deals.models import Deal
from voronka.kernel.models import Event
from voronka.web.requests import PersonRequest

PAGE = 50


@login_required
@require_safe
def act(request: PersonRequest, act_id: int) -> HttpResponse:
    """The page: progress, and the deals by what became of them."""
    found = _own(request, act_id)
    return render(
        request, "bulk/act.html", {"current": "deals", **progress_facts(found), "groups": groups(found), "here": True}
    )


@login_required
@require_safe
def progress(request: PersonRequest, act_id: int) -> HttpResponse:
    """The moving part; it asks for itself until the act has ended, and then the groups follow."""
    found = _own(request, act_id)
    facts = progress_facts(found)
    own_page = urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("bulk-act", args=[act_id])
    ended = own_page and not facts["going"]
    return render(request, "bulk/progress.html", {**facts, "here": own_page, "groups": groups(found) if ended else []})


@login_required
@require_safe
def rows(request: PersonRequest, act_id: int) -> HttpResponse:
    """Deals of one outcome; of one reason when it is told. Of those that went out of sight their numbers only."""
    found = _own(request, act_id)
    state, reason, after = (request.GET.get(name, "") for name in ("state", "reason", "after"))
    asked = queries.rows(found, state, reason).select_related("deal__company", "deal__stage")
    if after.isdecimal() and len(after) < 19:
        asked = asked.filter(deal__gt=int(after))
    page = list(asked[: PAGE + 1])
    shown, more = page[:PAGE], len(page) > PAGE
    seen = Deal.objects.visible_to(request.user).filter(pk__in=[row.deal_id for row in shown])
    facts = {
        "act": found,
        "seen": set(seen.values_list("pk", flat=True)),
        "rows": shown,
        "since": _changed_since(found, shown) if state == Row.State.KEPT else {},
        "more": {"state": state, "reason": reason, "after": str(shown[-1].deal_id)} if more else None,
    }
    return render(request, "bulk/rows.html", facts)


@login_required
@require_POST
def stop(request: PersonRequest, act_id: int) -> HttpResponse:
    found = stop_act(_own(request, act_id).pk, by=request.user.actor)
    return render(request, "bulk/progress.html", progress_facts(found))


@login_required
@require_POST
def undo(request: PersonRequest, act_id: int) -> HttpResponse:
    found = undo_act(_own(request, act_id).pk, by=request.user.actor)
    return render(request, "bulk/progress.html", progress_facts(found))


def progress_facts(found: Act) -> dict[str, Any]:
    going = found.state in (Act.State.RUNNING, Act.State.UNDOING)
    told = queries.progress(found)
    undoable = found.state in (Act.State.DONE, Act.State.STOPPED) and told.done > 0
    return {"act": found, "told": told, "going": going, "undoable": undoable}


def groups(found: Act) -> list[dict[str, Any]]:
    """What became of the deals: (state, reason, count), each a list that opens."""
    told = queries.progress(found)
    plain = [
        {"state": state, "reason": "", "count": getattr(told, state)}
        for state in (Row.State.DONE, Row.State.UNDONE, Row.State.SAME, Row.State.WAITING)
    ]
    stays = [
        {"state": state, "reason": reason, "count": count}
        for state in (Row.State.REFUSED, Row.State.KEPT)
        for reason, count in queries.reasons(found, state)
    ]
    return [group for group in [*plain, *stays] if group["count"]]


def _own(request: PersonRequest, act_id: int) -> Act:
    return get_object_or_404(Act, pk=act_id, person=request.user)


def _changed_since(found: Act, shown: list[Row]) -> dict[int | None, Event]:
    """The last thing that happened to each deal after the act."""
    events = Event.objects.filter(deal_id__in=[row.deal_id for row in shown], at__gt=found.ended_at or found.created_at)
    return {event.deal_id: event for event in events.order_by("deal_id", "-id").distinct("deal_id")}
