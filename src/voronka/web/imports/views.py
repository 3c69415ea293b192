"""Bringing files in: the history with its box for a file, and the page of one import from the columns to the end."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.imports import actions, queries
from voronka.imports.models import Import
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import done
from voronka.web.settings.sections import sections
from voronka.web.sheets import csv_lines

from . import columns, facts

needed = permission_needed(actions.RIGHT)
_ACTS = {"run": actions.run_import, "pause": actions.pause_import, "undo": actions.undo_import}


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """The history; POST begins another one with the file."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            errors["file"] = _("Choose a file.")
        else:
            try:
                begun = actions.begin_import(request.user, file, by=request.user.actor)
                return done(request, reverse("import", args=[begun.pk]))
            except FieldErrors as wrong:
                errors = wrong.errors
    shown = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "imports",
        "rows": queries.imports_of(request.user),
        "errors": errors,
    }
    return render(request, "imports/list.html", shown, status=422 if errors else 200)


@needed
@require_http_methods(["GET", "HEAD", "DELETE"])
def one(request: PersonRequest, pk: int) -> HttpResponse:
    """The page of an import; DELETE forgets one that was never brought in."""
    found = _own(request, pk)
    if request.method == "DELETE":
        actions.discard_import(found.pk, by=request.user.actor)
        return done(request, reverse("imports"))
    return render(request, "imports/one.html", {"current": "settings", **facts.of(found, request)})


@needed
@require_POST
def mapping(request: PersonRequest, pk: int) -> HttpResponse:
    """What the columns become; the preview begins anew at once."""
    found = _own(request, pk)
    targets, settings = columns.typed(request.POST, found)
    actions.set_mapping(found.pk, by=request.user.actor, mapping=targets, settings=settings)
    found.refresh_from_db()
    return render(request, "imports/changed.html", facts.of(found, request))


@needed
@require_POST
def state(request: PersonRequest, pk: int) -> HttpResponse:
    """`to`: run, pause, undo."""
    found = _own(request, pk)
    act = _ACTS.get(request.POST.get("to", ""))
    if act is None:
        return HttpResponse(status=400)
    act(found.pk, by=request.user.actor)
    return done(request, reverse("import", args=[pk]))


@needed
@require_safe
def progress(request: PersonRequest, pk: int) -> HttpResponse:
    """The moving part asks for itself while a job is at work; when the state has changed, the page comes anew."""
    found = _own(request, pk)
    was = request.GET.get("was")
    if (was, found.state) == (Import.State.CHECKING, Import.State.READY):
        return render(request, "imports/looked.html", facts.of(found, request))
    if found.state != was:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "imports/side.html", facts.of(found, request))


@needed
@require_safe
def rows(request: PersonRequest, pk: int) -> HttpResponse:
    """Rows of one fate, further ones with `after`."""
    return render(request, "imports/rows.html", facts.rows_of(_own(request, pk), request))


@needed
@require_safe
def bad(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """Rows that were refused with their reasons, to be mended and fed again."""
    found = _own(request, pk)
    lines = csv_lines([*found.heads, queries.REASON], queries.bad_rows(found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{pk}-bad.csv"'
    return response


def _own(request: PersonRequest, pk: int) -> Import:
    """One's own, or anybody's for whoever sees the whole company."""
    found = Import.objects.select_related("person")
    if request.user.role.sees != "all":
        found = found.filter(person=request.user)
    return get_object_or_404(found, pk=pk)
