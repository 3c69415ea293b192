"""The page of the inbox and its parts: the list, a thread, the client beside it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from voronka.conversations import queries
from voronka.conversations.queries import Wanted
from voronka.web.requests import PersonRequest

from .client import side_of
from .composing import composer_of
from .entry import row_of, wanted_of
from .rows import filters_of, rows_of
from .thread import head_of, thread_of


@login_required
@require_safe
def inbox(request: PersonRequest) -> HttpResponse:
    return render(request, "inbox/page.html", _list(request))


@login_required
@require_safe
def rows(request: PersonRequest) -> HttpResponse:
    """The list alone, or a further page of it."""
    context = _list(request)
    return render(request, "inbox/more.html" if request.GET.get("after") else "inbox/list.html", context)


@login_required
@require_safe
def thread(request: PersonRequest, client: int) -> HttpResponse:
    """The whole page with one thread; for the list's own request its middle and side alone."""
    row = row_of(request, client)
    context = {
        **head_of(row, request.user),
        **thread_of(row, request.user, at=request.GET.get("at", "")),
        **composer_of(row.company, request.user),
        **side_of(row, request.user),
    }
    if request.htmx.target == "inbox-open":
        return render(request, "inbox/open.html", {**context, "back": _address(wanted_of(request.GET))})
    return render(request, "inbox/page.html", {**_list(request, selected=client), **context})


@login_required
@require_safe
def head(request: PersonRequest, client: int) -> HttpResponse:
    return render(request, "inbox/head.html", head_of(row_of(request, client), request.user))


@login_required
@require_safe
def side(request: PersonRequest, client: int) -> HttpResponse:
    return render(request, "inbox/side.html", side_of(row_of(request, client), request.user))


@login_required
@require_safe
def search(request: PersonRequest) -> HttpResponse:
    """Messages with the words, in place of the list; without words the list again."""
    typed = request.GET.get("q", "").strip()
    if not typed:
        return render(request, "inbox/list.html", _list(request))
    found = queries.search(request.user, typed)
    return render(request, "inbox/found.html", {"found": found, "typed": typed})


@login_required
@require_safe
def count(request: PersonRequest) -> HttpResponse:
    rows = queries.waiting(request.user)
    late = queries.waiting(request.user, "late").exists()
    return render(
        request, "inbox/count.html", {"number": rows.order_by()[: queries.MOST_COUNTED].count(), "late": late}
    )


def _list(request: PersonRequest, *, selected: int = 0) -> dict[str, Any]:
    wanted = wanted_of(request.GET)
    page = queries.inbox(request.user, wanted, after=request.GET.get("after", ""))
    return {
        "current": "inbox",
        "rows": rows_of(page.rows, selected=selected),
        "next": page.next,
        "wanted": wanted,
        "boxes": _boxes(wanted, queries.counts(request.user, wanted)),
        "address": _address(wanted),
        "query": urlencode(_query(wanted)),
        "row": None,
        **filters_of(wanted),
    }


def _boxes(wanted: Wanted, counts: dict[str, int]) -> list[dict[str, Any]]:
    titles = {
        "unanswered": _("Unanswered"),
        "mine": _("Mine"),
        "all": pgettext("conversations", "All"),
        "late": _("Over the limit"),
        "closed": pgettext("conversations", "Closed"),
    }
    return [
        {
            "key": key,
            "title": title,
            "count": counts.get(key, 0),
            "url": _address(Wanted(box=key, channel=wanted.channel, location=wanted.location)),
            "on": key == wanted.box,
        }
        for key, title in titles.items()
    ]


def _address(wanted: Wanted) -> str:
    return f"/inbox?{urlencode(_query(wanted))}"


def _query(wanted: Wanted) -> dict[str, str]:
    given = {"box": wanted.box, "channel": wanted.channel, "location": str(wanted.location or "")}
    return {key: value for key, value in given.items() if value}
