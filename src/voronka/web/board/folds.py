"""Folded columns and shut lanes: each person's own."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from voronka.deals.models import Stage
from voronka.staff.actions import keep_layout, layout_of
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .state import LANE_COLUMNS

PAGE = "board"
#: More shut lanes than a company has people are not kept.
MOST_SHUT = 200


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`folded`: stages; `shut`: lanes as «responsible:12»."""

    folded: frozenset[int] = frozenset()
    shut: frozenset[str] = frozenset()


def kept(person: Person) -> Layout:
    """One query."""
    found = layout_of(person, PAGE)
    return Layout(folded=frozenset(found.get("folded", ())), shut=frozenset(found.get("shut", ())))


@login_required
@require_http_methods(["PUT", "DELETE"])
def fold(request: PersonRequest, stage_id: int) -> HttpResponse:
    """PUT folds the column, DELETE opens it."""
    stage = get_object_or_404(Stage, pk=stage_id, is_active=True)
    folded = set(kept(request.user).folded) - {stage.pk}
    keep_layout(request.user, PAGE, folded=sorted(folded | ({stage.pk} if request.method == "PUT" else set())))
    return HttpResponse(status=204)


@login_required
@require_http_methods(["PUT", "DELETE"])
def shut(request: PersonRequest, lanes: str, key: str) -> HttpResponse:
    """PUT shuts the lane, DELETE opens it."""
    if lanes not in LANE_COLUMNS or not (key == "none" or key.isdecimal()):
        raise Http404
    lane = f"{lanes}:{key}"
    found = set(kept(request.user).shut) - {lane}
    found |= {lane} if request.method == "PUT" else set()
    keep_layout(request.user, PAGE, shut=sorted(found)[:MOST_SHUT])
    return HttpResponse(status=204)
