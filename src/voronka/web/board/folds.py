"""Folded columns: each person's own, kept by funnel."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from voronka.deals.models import Stage
from voronka.staff.actions import keep_layout, layout_of
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

PAGE = "board"


def folded_stages(person: Person) -> frozenset[int]:
    """One query."""
    return frozenset(layout_of(person, PAGE).get("folded", ()))


@login_required
@require_http_methods(["PUT", "DELETE"])
def fold(request: PersonRequest, stage_id: int) -> HttpResponse:
    """PUT folds the column, DELETE opens it."""
    stage = get_object_or_404(Stage, pk=stage_id, is_active=True)
    folded = set(folded_stages(request.user)) - {stage.pk}
    keep_layout(request.user, PAGE, folded=sorted(folded | ({stage.pk} if request.method == "PUT" else set())))
    return HttpResponse(status=204)
