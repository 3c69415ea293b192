"""Templates of notes: the list, the form, and filling one from a card."""

import re
from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.deals import fields
from voronka.deals.actions import remove_template, save_template
from voronka.deals.models import Deal, NoteTemplate
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.requests import PersonRequest

from .answers import toast
from .entry import typed
from .fieldrows import Choices, language, shown

_PLACE = re.compile(r"\{([^{}\n]{1,80})\}")


def of(person: Person) -> QuerySet[NoteTemplate]:
    """One's own and everybody's."""
    return NoteTemplate.objects.filter(Q(owner=person) | Q(owner=None))


def fill(text: str, values: Mapping[str, str]) -> str:
    """`{Date}` becomes the value of that name, whatever its case; an unknown name stays as it is written."""
    known = {name.casefold(): value for name, value in values.items()}
    return _PLACE.sub(lambda found: known.get(found[1].strip().casefold(), found[0]), text)


def values_of(deal: Deal, person: Person) -> dict[str, str]:
    """What a template may name: the client, the deal, each field that this person sees."""
    choices = Choices(person.actor)
    known = fields.specs(person.actor)
    values = {str(spec.title): shown(spec, fields.value_of(deal, spec), choices) for spec in known.values()}
    return values | {
        _("client"): deal.company.name,
        _("first name"): _first_name(deal),
        _("number"): str(deal.pk),
        _("stage"): deal.stage.title,
        _("amount"): formats.money(deal.amount, language()),
        _("responsible"): deal.responsible.name if deal.responsible else "",
    }


def _first_name(deal: Deal) -> str:
    name = deal.contact.name if deal.contact else deal.company.name
    return name.split()[0] if name.split() else ""


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
