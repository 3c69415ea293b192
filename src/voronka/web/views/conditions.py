"""The form of one condition of a filter, over any page that has one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from voronka.kernel.filters import FilterError, where
from voronka.staff.filters import scope_of
from voronka.web.list.bar import form_of, with_condition
from voronka.web.list.builder import condition_from, draft_of
from voronka.web.requests import PersonRequest

from .pages import page_of


@login_required
@require_safe
def condition(request: PersonRequest) -> HttpResponse:
    """What is chosen so far and how many rows it leaves; with `apply` back to the page with it in its filter."""
    page = page_of(request.user, request.GET.get("on", "deals"))
    asked = request.GET.dict()
    known = page.base(request.user, funnel=asked.get("funnel", ""))
    scope = scope_of(request.user)
    tree, place = page.tree(asked, known), page.bar_place(asked)
    index, errors, made = asked.get("index", "new"), {}, None
    try:
        made = with_condition(tree, condition_from(known, request.GET), index)
    except FilterError as error:
        errors = error.errors
    if made is not None and "apply" in asked:
        address = place.url(made, edit="new")
        return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)
    left = None
    if made is not None:
        rows = page.rows(request.user, page.facts_of(asked))
        left = rows.filter(where(made, known, scope)).count()
    wrong = errors if "apply" in asked else {}
    form = form_of(draft_of(known, request.GET, scope, errors=wrong), tree, place, index, left=left)
    return render(request, "list/draft.html", {"form": form}, status=422 if wrong else 200)
