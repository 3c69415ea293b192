"""The bell: its menu, its page, and opening a notice."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from voronka.notices import actions, queries, rules
from voronka.notices.models import Notice
from voronka.web.requests import PersonRequest

#: How many lines the menu of the bell shows.
IN_MENU = 8
#: More than any device keeps on its screen.
MOST_SHOWN = 100


@login_required
@require_safe
def notices(request: PersonRequest) -> HttpResponse:
    """All of one's notices; the next page comes as rows alone."""
    before = _cursor(request.GET.get("before", ""))
    rows, more = queries.page(request.user, before=before)
    shown = {
        "current": "",
        "bunches": rules.bunches(rows),
        "open": "open" in request.GET,
        "next_url": f"{reverse('notices')}?{urlencode({'before': _cursor_of(rows[-1])})}" if more else "",
        "unread": queries.unread_count(request.user),
    }
    return render(request, _part(request, is_next=bool(before)), shown)


@login_required
@require_safe
def menu(request: PersonRequest) -> HttpResponse:
    return _menu(request)


@login_required
@require_safe
def count(request: PersonRequest) -> HttpResponse:
    """The number on the bell, as the frame draws it."""
    return render(request, "notices/count.html", {"unread": queries.unread_count(request.user)})


@login_required
@require_safe
def unread(request: PersonRequest) -> HttpResponse:
    """Which of `ids=1,2,3` are still unread: a device takes the others off its screen."""
    numbers = [int(number) for number in request.GET.get("ids", "").split(",") if number.isascii() and number.isdigit()]
    known = [number for number in numbers[:MOST_SHOWN] if number < 2**63]
    return JsonResponse({"unread": queries.still_unread(request.user, known)})


@login_required
@require_safe
def open_notice(request: PersonRequest, number: int) -> HttpResponse:
    """Opening is reading: the notice becomes read and leads to what it is about."""
    notice = Notice.objects.filter(person=request.user, pk=number).first()
    if notice is None:
        raise Http404
    if request.method == "GET":
        actions.mark_read(notice, by=request.user.actor)
    return HttpResponseRedirect(notice.url)


@login_required
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    actions.mark_all_read(request.user, by=request.user.actor)
    if request.htmx:
        return _menu(request) if request.htmx.target == "bell-menu" else HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(reverse("notices"))


def _part(request: PersonRequest, *, is_next: bool) -> str:
    """A live page asks for its list again, scrolling for the next rows; a person for the page."""
    if request.headers.get("X-Live"):
        return "notices/list.html"
    return "notices/rows.html" if is_next and request.htmx else "notices/page.html"


def _menu(request: PersonRequest) -> HttpResponse:
    rows, _more = queries.page(request.user)
    shown = {"bunches": rules.bunches(rows)[:IN_MENU], "unread": queries.unread_count(request.user)}
    return render(request, "notices/menu.html", shown)


def _cursor_of(notice: Notice) -> str:
    return f"{notice.created_at.isoformat()}~{notice.pk}"


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Moment and id of the last row seen; nothing for what is not one."""
    moment, _tilde, number = text.partition("~")
    try:
        at, pk = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, pk) if at.tzinfo and 0 <= pk < 2**63 else None
