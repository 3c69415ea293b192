"""Answers that pages of deals give in common: a toast, a refusal with its rule, what a move changed on the board."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string

from voronka.deals import queries
from voronka.deals.models import Deal, Stage
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.web.board.columns import heads
from voronka.web.board.state import BoardState
from voronka.web.board.tiles import tiles
from voronka.web.requests import PersonRequest

from .moves import rule_title


def toast(
    response: HttpResponse, text: str, *, undo: dict[str, Any] | None = None, open_url: str = "", seconds: int = 0
) -> HttpResponse:
    """Add a message at the foot of the page; `undo` is {url, method, values}, `open_url` a page to go to. It stays for
    the usual time or `seconds`."""
    more = {key: value for key, value in (("undo", undo), ("open", open_url), ("for", seconds)) if value}
    return triggering(response, toast={"text": text, **more})


def changed(request: PersonRequest, deal: Deal, *, before: Stage | None = None) -> HttpResponse:
    """Nothing but the news: every part of the page that shows this deal asks for itself, as it does for a colleague's
    change, whether the live line stands or not."""
    return with_news(HttpResponse(status=204), request, deal, before=before)


def with_news(
    response: HttpResponse, request: PersonRequest, deal: Deal, *, before: Stage | None = None
) -> HttpResponse:
    stages = [before.pk, deal.stage_id] if before else []
    news: dict[str, Any] = {
        "deal": deal.pk,
        "company": deal.company_id,
        "funnel": deal.funnel_id,
        "person": request.user.pk,
    }
    if stages:
        news |= {"stage": deal.stage_id, "stages": stages, "kind": "deal.moved"}
    return triggering(response, **{"live:change": news})


def triggering(response: HttpResponse, **events: Any) -> HttpResponse:
    """Events that the page hears with the answer."""
    told = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**told, **events})
    return response


def refused(no: Refusal) -> HttpResponse:
    """Why not, with the title of the rule that spoke."""
    return JsonResponse({"reason": no.reason, "rule": rule_title(no.rule)}, status=409)


def moved(request: PersonRequest, deal: Deal, *, before: Stage) -> HttpResponse:
    """The tile as it is now and both heads, when the page it came from is a board; else only the news."""
    state = _board_of(request)
    shown = queries.visible(request.user).filter(pk=deal.pk).first() if state else None
    if state is None or shown is None or state.funnel.pk != deal.funnel_id:
        response = changed(request, deal, before=before)
        response.status_code = 200
        return response
    found = {} if shown.closed_at else tiles([shown], state)
    context = {"tile": found.get(deal.pk), "heads": heads(state, [before.pk, deal.stage_id])}
    return HttpResponse(render_to_string("board/moved.html", context, request))


def _board_of(request: PersonRequest) -> BoardState | None:
    """The board that the page shows, by its address."""
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if page.path != "/board":
        return None
    try:
        return BoardState.read(request, QueryDict(page.query))
    except (Http404, FieldErrors):
        return None
