"""Bulk work over a list or a board: the preview as one chooses, and the beginning. What follows is `acts`."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.bulk import queries
from voronka.bulk.actions import MOST, begin_act
from voronka.bulk.kinds import KINDS, Kind
from voronka.bulk.preview import preview as judged
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.web.requests import PersonRequest

from . import forms
from .acts import progress_facts
from .selection import Selection

#: Examples beside the reasons in the docked bar.
SHOWN = 4


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: PersonRequest) -> HttpResponse:
    """One's own acts; POST begins another one and answers its progress."""
    if request.method != "POST":
        return render(request, "bulk/acts.html", {"current": "deals", "acts": queries.acts_of(request.user)})
    kind = _kind(request.POST)
    try:
        chosen = KINDS[kind].read(_arguments(request.POST))
    except FieldErrors as wrong:
        return _form(request, request.POST, errors=wrong.errors, status=422)
    ids = Selection.read(request.POST).deals(request).order_by().values_list("pk", flat=True)
    try:
        act = begin_act(chosen, ids[: MOST + 1], by=request.user.actor)
    except Refusal as no:
        return _form(request, request.POST, errors={"": no.reason}, status=409)
    if not request.htmx:
        return redirect(reverse("bulk-act", args=[act.pk]))
    response = render(request, "bulk/progress.html", progress_facts(act))
    response.headers["HX-Trigger"] = "bulk:begun"
    return response


@login_required
@require_POST
def preview(request: PersonRequest) -> HttpResponse:
    """The form of a kind and, once it can be read, what would become of the chosen deals."""
    form = forms.with_template(request.POST, request.user)
    arguments = _arguments(form)
    try:
        chosen = KINDS[_kind(form)].read(arguments)
    except FieldErrors as wrong:
        return _form(request, form, errors=wrong.errors if any(arguments.values()) else {})
    return _form(request, form, chosen=chosen)


def _form(
    request: PersonRequest,
    form: QueryDict,
    *,
    chosen: Kind | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind, selection = _kind(form), Selection.read(form)
    deals = selection.deals(request)
    told, errors = None, dict(errors or {})
    if chosen:
        if deals.order_by()[: MOST + 1].count() > MOST:
            errors[""] = _("At most %(most)s deals at once.") % {"most": MOST}
        else:
            told = judged(deals.order_by("pk"), chosen, request.user.actor)
    facts: dict[str, Any] = {
        "kind": kind,
        "heading": forms.heading(kind),
        "form": form,
        "hidden": selection.fields,
        "errors": errors,
        "told": told,
        "examples": told.examples[:SHOWN] if told else (),
        "verb": forms.verb(kind, told.changing) if told else "",
        **forms.choices(kind, _arguments(form), deals, request.user),
    }
    return render(request, "bulk/preview.html", facts, status=status)


def _kind(form: QueryDict) -> str:
    kind = form.get("kind", "")
    if kind not in KINDS:
        raise Http404
    return kind


def _arguments(form: QueryDict) -> dict[str, str]:
    """What the form says of the act; what only the worker may say is left out."""
    others = {"kind", "csrfmiddlewaretoken", "accepted", *forms.TEMPLATE, *vars(Selection())}
    return {key: form.get(key, "") for key in form if key not in others}
