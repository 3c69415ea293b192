"""The team's day for its head: who has how much overdue, for today, without a step; each figure is its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from voronka.deals.models import Deal
from voronka.kernel.filters import All, Is, dump
from voronka.staff.models import Person
from voronka.staff.queries import company_zone
from voronka.tasks.models import Task
from voronka.tasks.queries import Days
from voronka.web.calendar.place import sees_others
from voronka.web.calendar.views import team_of
from voronka.web.requests import PersonRequest

from .figures import Period, deals_url

#: So many people a page: a department, not a concern.
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person's day; counts of what the viewer may see of it."""

    person: Person
    late: int
    today: int
    done: int
    open: int
    stepless: int
    unread: int

    def tasks_url(self, part: str) -> str:
        filtered = dump(Is("responsible", "in", (self.person.pk,)))
        return f"{reverse('tasks')}?{urlencode({'who': 'all', 'part': part, 'filter': filtered})}"

    @property
    def done_url(self) -> str:
        filtered = dump(All([Is("responsible", "in", (self.person.pk,)), Is("done_at", "is", "today")]))
        return f"{reverse('tasks')}?{urlencode({'who': 'all', 'state': 'done', 'filter': filtered})}"

    def deals_url(self, *more: Is) -> str:
        return deals_url(All([Is("open", "=", True), Is("responsible", "in", (self.person.pk,)), *more]))

    @property
    def stepless_url(self) -> str:
        return self.deals_url(Is("next_step_at", "empty"))

    @property
    def unread_url(self) -> str:
        return self.deals_url(Is("unread", "=", True))

    @property
    def calendar_url(self) -> str:
        filtered = dump(Is("responsible", "in", (self.person.pk,)))
        return f"{reverse('calendar')}?{urlencode({'who': 'all', 'filter': filtered})}"


@login_required
@require_safe
def team(request: PersonRequest) -> HttpResponse:
    if not sees_others(request.user):
        raise PermissionDenied
    rows = rows_of(request.user, list(team_of(request.user).select_related("role")[:MOST]))
    return render(request, "day/team.html", {"current": "day", "rows": rows})


def rows_of(viewer: Person, people: Sequence[Person]) -> list[Row]:
    """Two queries. Who has most overdue comes first."""
    ids = [person.pk for person in people]
    days, today = Days.of(timezone.get_current_timezone()), Period.of("day", company_zone())
    still_open, done = Q(done_at=None), Q(cancelled=False) & today.within("done_at")
    tasks = (
        Task.objects.visible_to(viewer)
        .filter(still_open & Q(due_at__lt=days.tomorrow) | done, responsible__in=ids)
        .order_by()
        .values("responsible")
        .annotate(
            late=Count("id", filter=still_open & days.within("late")),
            today=Count("id", filter=still_open & days.within("today")),
            done=Count("id", filter=done),
        )
    )
    deals = (
        Deal.objects.visible_to(viewer)
        .filter(responsible__in=ids, closed_at=None)
        .order_by()
        .values("responsible")
        .annotate(
            open=Count("id"),
            stepless=Count("id", filter=Q(next_step_at=None)),
            unread=Count("id", filter=Q(is_unread=True)),
        )
    )
    counts: dict[int, dict[str, Any]] = {pk: {} for pk in ids}
    for found in (*tasks, *deals):
        counts[found["responsible"]] |= found
    names = ("late", "today", "done", "open", "stepless", "unread")
    rows = [Row(person=one, **{name: counts[one.pk].get(name, 0) for name in names}) for one in people]
    return sorted(rows, key=lambda row: (-row.late, -row.unread, -row.stepless, row.person.name))
