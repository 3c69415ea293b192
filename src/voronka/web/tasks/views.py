"""The list of tasks."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from voronka.kernel.filters import dump
from voronka.staff.models import Person
from voronka.tasks.models import Task, TaskKind
from voronka.tasks.queries import PARTS, Days, count_parts, open_tasks, page
from voronka.web.requests import PersonRequest
from voronka.web.views.over import over

from .filtering import narrowed
from .queries import SIZE, Wanted, belonging, whose, write_cursor
from .rows import TaskRow, rows


@login_required
@require_safe
def task_list(request: PersonRequest) -> HttpResponse:
    """The whole page, or the next rows of it when htmx asks with `after`."""
    person, wanted = request.user, Wanted.of(request.GET, request.user)
    if "kind" in request.GET or "q" in request.GET:
        return redirect(_address(wanted))
    days = Days.of(timezone.get_current_timezone())
    tasks = narrowed(belonging(person, wanted.who), wanted.filter, person)
    chosen = tasks.filter(days.within(wanted.part)) if wanted.part and not wanted.done else tasks
    found = page(chosen, done=wanted.done, after=wanted.after, size=SIZE)
    shown, more = found[:SIZE], len(found) > SIZE
    context = {
        "wanted": wanted,
        "groups": _groups(rows(shown, viewer=person, days=days), wanted, days),
        "next_url": _next_url(request, shown[-1], done=wanted.done) if more else "",
    }
    if wanted.after and request.htmx:
        return render(request, "tasks/rows_page.html", context)
    counts = count_parts(open_tasks(tasks), days)
    context |= {
        "current": "tasks",
        "counts": counts,
        "open_count": sum(counts.values()),
        "tab_items": _tabs(person, wanted),
        "states": _states(wanted, counts),
        "parts": _parts(wanted, counts),
        "kinds": TaskKind.objects.order_by("position", "id"),
        "filter_text": dump(wanted.filter),
        "live_url": _address(wanted, live="1"),
    }
    if "live" in request.GET:
        return render(request, "tasks/work.html", context)
    return render(request, "tasks/list.html", context | over("tasks", request, wanted.filter))


def _groups(found: list[TaskRow], wanted: Wanted, days: Days) -> list[tuple[str, list[TaskRow]]]:
    """Rows under the part of the calendar they belong to; a part begun on the page before has no name again."""
    if wanted.done:
        return [("", found)]
    groups: list[tuple[str, list[TaskRow]]] = []
    begun = days.part(wanted.after[0]) if wanted.after else ""
    for row in found:
        if not groups or groups[-1][1][-1].part != row.part:
            groups.append(("" if row.part == begun else row.part, []))
        groups[-1][1].append(row)
    return groups


def _next_url(request: PersonRequest, last: Task, *, done: bool) -> str:
    query = request.GET.copy()
    moment = last.done_at if done else last.due_at
    query.pop("live", None)
    query["after"] = write_cursor(moment, last.pk)  # type: ignore[arg-type]
    return f"{reverse('tasks')}?{query.urlencode()}"


def _tabs(person: Person, wanted: Wanted) -> list[dict]:
    titles = {"me": _("Mine"), "team": _("My team's"), "all": _("All I see")}
    return [
        {"title": titles[who], "url": _address(wanted, who=who), "current": who == wanted.who} for who in whose(person)
    ]


def _states(wanted: Wanted, counts: dict[str, int]) -> list[dict]:
    return [
        {
            "title": pgettext("task state", "Open"),
            "url": _address(wanted, state=""),
            "current": not wanted.done,
            "count": sum(counts.values()),
        },
        {
            "title": pgettext("task state", "Done"),
            "url": _address(wanted, state="done", part=""),
            "current": wanted.done,
        },
    ]


def _parts(wanted: Wanted, counts: dict[str, int]) -> list[dict]:
    """Figures of the open list that are its filters."""
    titles = {"late": pgettext("tasks", "Overdue"), "today": _("Today"), "tomorrow": _("Tomorrow"), "later": _("Later")}
    tones = {"late": "late", "today": "today", "tomorrow": "", "later": ""}
    whole = {
        "title": _("All open"),
        "count": sum(counts.values()),
        "url": _address(wanted, part=""),
        "current": not wanted.part,
        "tone": "",
    }
    return [whole] + [
        {
            "title": titles[part],
            "count": counts[part],
            "url": _address(wanted, part=part),
            "current": wanted.part == part,
            "tone": tones[part],
        }
        for part in PARTS
    ]


def _address(wanted: Wanted, **changes: str) -> str:
    query = {"who": wanted.who, "state": "done" if wanted.done else "", "part": wanted.part}
    query |= {"filter": dump(wanted.filter)} | changes
    if query["who"] == "me":
        query["who"] = ""
    kept = {key: value for key, value in query.items() if value}
    return reverse("tasks") + (f"?{urlencode(kept)}" if kept else "")
