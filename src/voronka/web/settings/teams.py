"""Teams, and the brands and locations of the process."""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import FieldErrors
from voronka.staff import actions
from voronka.staff.models import Brand, Location, Person, Team
from voronka.web.requests import PersonRequest

from .access import permission_needed
from .answers import dialog, done
from .forms import TeamForm, errors_of
from .sections import sections

needed = permission_needed("manage_people")


@needed
@require_safe
def teams(request: PersonRequest) -> HttpResponse:
    working = Person.objects.filter(is_active=True).select_related("role").order_by("name")
    shown = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "teams",
        "teams": Team.objects.order_by("name").prefetch_related(Prefetch("people", working)),
        "alone": working.filter(team=None).count(),
    }
    return render(request, "settings/teams.html", shown)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    return _edit(request, None)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, number: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Team, pk=number))


@needed
@require_POST
def removal(request: PersonRequest, number: int) -> HttpResponse:
    actions.remove_team(get_object_or_404(Team, pk=number), by=request.user.actor)
    return done(request, reverse("teams"))


@needed
@require_safe
def places(request: PersonRequest) -> HttpResponse:
    """Read only: brands and locations are written by the process document."""
    at_work = Count("people", filter=Q(people__is_active=True), distinct=True)
    shown = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "places",
        "brands": Brand.objects.order_by("name")
        .annotate(staff=at_work)
        .prefetch_related(Prefetch("locations", Location.objects.order_by("name").annotate(staff=at_work))),
    }
    return render(request, "settings/places.html", shown)


def _edit(request: PersonRequest, team: Team | None) -> HttpResponse:
    shown: dict[str, Any] = {"team": team, "name": team.name if team else "", "errors": {}}
    title = team.name if team else _("New team")
    if request.method != "POST":
        return dialog(request, "settings/team.html", shown, title=title)
    form = TeamForm(request.POST)
    try:
        if not form.is_valid():
            raise FieldErrors(errors_of(form))
        if team:
            actions.rename_team(team, by=request.user.actor, name=form.cleaned_data["name"])
        else:
            actions.make_team(by=request.user.actor, name=form.cleaned_data["name"])
    except FieldErrors as refused:
        shown |= {"errors": refused.errors, "name": form.data.get("name", "")}
        return dialog(request, "settings/team.html", shown, title=title, status=422)
    return done(request, reverse("teams"))
