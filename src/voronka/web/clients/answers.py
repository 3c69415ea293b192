"""What an edit of the card answers with: the part that changed, in its place; or the page for those without scripts."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from voronka.clients.models import Company
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

from .parts import PARTS


def is_htmx(request: PersonRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def changed(request: PersonRequest, company: Company, name: str) -> HttpResponse:
    """The part anew, by htmx out of band."""
    if not is_htmx(request):
        return redirect("client", company.pk)
    template, facts = PARTS[name]
    return render(request, template, {**facts(company, request.user), "oob": True})


def dialog(
    request: PersonRequest,
    template: str,
    facts: dict[str, Any],
    act: Callable[[], object],
    done: Callable[[], HttpResponse],
) -> HttpResponse:
    """GET shows the form; POST acts, or shows the form again with an error beside each wrong field."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            act()
            return done()
        except FieldErrors as error:
            errors = error.errors
    context = {**facts, "form": request.POST, "errors": errors, "current": "clients", "dialog_template": template}
    shown = template if is_htmx(request) else "clients/dialog_page.html"
    return render(request, shown, context, status=422 if errors else 200)
