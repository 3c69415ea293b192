"""Templates of notes and messages: the list and the form."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.deals import fields
from voronka.deals.actions import remove_template, save_template
from voronka.deals.models import NoteTemplate
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .answers import toast
from .entry import typed


def of(person: Person) -> QuerySet[NoteTemplate]:
    """One's own and everybody's."""
    return NoteTemplate.objects.filter(Q(owner=person) | Q(owner=None))


@login_required
@require_safe
def templates(request: PersonRequest) -> HttpResponse:
    """The dialog with all of them."""
    return render(request, "deals/templates.html", _listed(request))


@login_required
@require_http_methods(["GET", "POST", "PUT"])
def template(request: PersonRequest, template_id: int | None = None) -> HttpResponse:
    """The form of a new or known one; saved, the dialog closes."""
    found = _found(request, template_id) if template_id else None
    if request.method == "GET":
        return _form(request, found, {})
    form = typed(request)
    title, text, shared = form.get("title", ""), form.get("text", ""), "shared" in form
    try:
        save_template(by=request.user.actor, template=found, title=title, text=text, shared=shared)
    except FieldErrors as wrong:
        return _form(request, found, {"title": title, "text": text, "shared": shared}, wrong.errors)
    return toast(HttpResponse(status=204), _("The template is saved"))


@login_required
@require_POST
def deletion(request: PersonRequest, template_id: int) -> HttpResponse:
    remove_template(_found(request, template_id), by=request.user.actor)
    return render(request, "deals/templates.html", _listed(request))


def _form(
    request: PersonRequest, found: NoteTemplate | None, given: Mapping[str, object], errors: dict | None = None
) -> HttpResponse:
    start = {"title": found.title, "text": found.text, "shared": found.owner_id is None} if found else {}
    context = {
        "template": found,
        "form": given or start,
        "errors": errors or {},
        "may_share": request.user.may("manage_process"),
        "names": [str(spec.title) for spec in fields.specs(request.user.actor).values()],
    }
    return render(request, "deals/template.html", context, status=422 if errors else 200)


def _listed(request: PersonRequest) -> dict:
    return {"templates": of(request.user), "may_share": request.user.may("manage_process")}


def _found(request: PersonRequest, template_id: int) -> NoteTemplate:
    found = of(request.user).filter(pk=template_id).first()
    if found is None:
        raise Http404
    return found
