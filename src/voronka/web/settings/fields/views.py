"""Fields of deals: the list by groups, one field, and what a change would do before it is made."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.deals import field_queries
from voronka.deals.actions import declare_field as actions
from voronka.deals.models import FieldDef
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Role
from voronka.web.requests import PersonRequest

from ..access import permission_needed
from ..sections import sections
from . import drafts
from .words import rights, type_titles

needed = permission_needed("manage_process")


@needed
@require_safe
def fields(request: PersonRequest) -> HttpResponse:
    """Those in use by groups as the card shows them, or those that were retired."""
    retired = request.GET.get("tab") == "retired"
    rows = list(_rows().filter(is_active=not retired))
    roles, asking, titles = list(Role.objects.order_by("position")), field_queries.required_at(), type_titles()
    listed = [
        {
            "row": row,
            "type": titles.get(row.type, row.type),
            "options": ", ".join(title for _key, title in row.options),
            "stages": asking.get(row.key, []),
            "rights": rights(row, roles),
        }
        for row in rows
    ]
    order = list(dict.fromkeys(row.group for row in rows))
    listed.sort(key=lambda one: order.index(one["row"].group))
    groups = [(group, list(items)) for group, items in groupby(listed, key=lambda one: one["row"].group)]
    shown = {
        "groups": groups,
        "retired": retired,
        "count": _rows().filter(is_active=True).count() if retired else len(rows),
        "retired_count": len(rows) if retired else _rows().filter(is_active=False).count(),
    }
    return render(request, "settings/fields/list.html", {**_frame(request), **shown})


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    return _edit(request, None)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, number: int) -> HttpResponse:
    return _edit(request, get_object_or_404(_rows(), pk=number))


@needed
@require_POST
def draft(request: PersonRequest) -> HttpResponse:
    """The form again after a change of type or an act on its choices; nothing is kept."""
    given = request.POST.get("field", "")
    row = get_object_or_404(_rows(), pk=given) if given.isdecimal() and len(given) < 18 else None
    return render(request, "settings/fields/form.html", _form(row, drafts.typed(request.POST)))


@needed
@require_POST
def switch(request: PersonRequest, number: int, on: bool) -> HttpResponse:
    """Retire or bring back."""
    row = get_object_or_404(_rows(), pk=number)
    act = actions.restore_field if on else actions.retire_field
    act(row.pk, by=request.user.actor)
    return redirect("fields")


@needed
@require_POST
def move(request: PersonRequest, number: int) -> HttpResponse:
    """One place up or down in its group."""
    row = get_object_or_404(_rows().filter(is_active=True), pk=number)
    actions.move_field(row.pk, by=request.user.actor, up=request.POST.get("way") == "up")
    return redirect(f"{reverse('fields')}#field-{row.pk}")


def _edit(request: PersonRequest, row: FieldDef | None) -> HttpResponse:
    if request.method != "POST":
        given = drafts.of_row(row) if row else drafts.Draft(group=request.GET.get("group", ""))
        return render(request, "settings/fields/one.html", {**_frame(request), **_form(row, given)})
    typed = drafts.typed(request.POST)
    try:
        if row:
            actions.change_field(row.pk, by=request.user.actor, facts=typed)
        else:
            actions.declare_field(by=request.user.actor, facts=typed)
    except (FieldErrors, Refusal) as refused:
        errors = refused.errors if isinstance(refused, FieldErrors) else {"title": refused.reason}
        shown = {**_frame(request), **_form(row, typed, errors)}
        return render(request, "settings/fields/one.html", shown, status=422)
    return redirect("fields")


def _form(row: FieldDef | None, given: drafts.Draft, errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "field": row,
        "draft": given,
        "errors": errors or {},
        "types": drafts.offered_types(row),
        "groups": sorted({one.group for one in _rows() if one.group}),
        "roles": Role.objects.order_by("position"),
        "funnels": field_queries.askable_stages(),
        "uses": field_queries.option_uses(row) if row and row.options else {},
        "preview": drafts.preview_of(row, given),
    }


def _frame(request: PersonRequest) -> dict[str, Any]:
    return {"current": "settings", "sections": sections(request.user), "here": "fields"}


def _rows():
    return FieldDef.objects.filter(entity="deal")
