"""A list of deals behind a figure of the process, through the gate, the newest first."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from voronka.deals.models import Deal
from voronka.web.requests import PersonRequest

PAGE = 50


def answer(
    request: PersonRequest, deals: QuerySet[Deal], *, title: str, lead: str = "", facts: dict[str, Any] | None = None
) -> HttpResponse:
    """A page of it; `before` in the address is the last number seen."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 18:
        deals = deals.filter(pk__lt=int(before))
    rows = list(deals.select_related("company", "stage", "funnel", "responsible").order_by("-pk")[: PAGE + 1])
    asked = request.GET.copy()
    if len(rows) > PAGE:
        asked["before"] = str(rows[PAGE - 1].pk)
    shown = {
        "current": "process",
        "title": title,
        "lead": lead,
        "rows": rows[:PAGE],
        "more": f"?{asked.urlencode()}" if len(rows) > PAGE else "",
        **(facts or {}),
    }
    return render(request, "process/deals.html", shown)
