"""History of one field: who gave it which value and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from markupsafe import Markup

from voronka.deals import fields, queries
from voronka.deals.fields import FieldSpec
from voronka.kernel.models import Event
from voronka.web.requests import PersonRequest

from . import timeline
from .entry import deal_of
from .sayings import value_text
from .telling import Teller


@dataclass(frozen=True, kw_only=True)
class Change:
    at: datetime
    who: Markup
    old: str
    new: str
    why: str = ""


@login_required
@require_safe
def history(request: PersonRequest, deal_id: int, key: str) -> HttpResponse:
    deal = deal_of(request, deal_id)
    by = request.user.actor
    known = fields.specs(by)
    if key not in known:
        raise Http404
    events = queries.changes_of_field(deal, key)
    told = timeline.teller(deal, events, by, known, {})
    context = {"deal": deal, "field": known[key], "changes": _changes(events, known[key], told)}
    return render(request, "deals/fieldhistory.html", context)


def _changes(events: Sequence[Event], spec: FieldSpec, told: Teller) -> list[Change]:
    return [_change(event, spec, told) for event in events]


def _change(event: Event, spec: FieldSpec, told: Teller) -> Change:
    old, new = _pair(event, spec.key)
    return Change(
        at=event.at,
        who=told.who(event),
        old=value_text(spec, old, told),
        new=value_text(spec, new, told),
        why=event.data.get("name", "") if event.kind.startswith("line.") else "",
    )


def _pair(event: Event, key: str) -> tuple[Any, Any]:
    if event.kind == "deal.changed":
        old, new = event.data["changes"][key]
        return old, new
    after, by = Decimal(event.data["amount"]), Decimal(event.data["total"])
    return str(after - by if event.kind == "line.added" else after + by), str(after)
