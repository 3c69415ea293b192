"""Search everywhere: the palette under the box, and the same as a page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from voronka.web.requests import PersonRequest

from .palette import look


@login_required
@require_safe
def search(request: PersonRequest) -> HttpResponse:
    """`q`: what is typed; `literal`: not to be read in the other keyboard layout."""
    typed = request.GET.get("q", "")
    facts = {"q": typed.strip(), **look(request.user, typed, literal="literal" in request.GET)}
    if request.headers.get("HX-Request"):
        return render(request, "search/found.html", facts)
    return render(request, "search/page.html", {**facts, "current": ""})
