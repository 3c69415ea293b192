"""Which columns the list has, in which order and how wide: each person's own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from voronka.deals import fields
from voronka.web.deals.entry import typed
from voronka.web.requests import PersonRequest

from .columns import available, chosen, forget_columns, keep_columns, keep_width


@login_required
@require_http_methods(["GET", "PUT", "DELETE"])
def columns(request: PersonRequest) -> HttpResponse:
    """The dialog; PUT keeps what is ticked in its order, DELETE goes back to the usual ones."""
    specs = fields.specs(request.user.actor)
    if request.method == "GET":
        shown = chosen(request.user, specs)
        keys = {column.key for column in shown}
        others = [column for column in available(specs) if column.key not in keys]
        return render(request, "list/columns.html", {"shown": shown, "others": others})
    if request.method == "PUT":
        keep_columns(request.user, typed(request).getlist("column"), specs)
    else:
        forget_columns(request.user)
    page = request.headers.get("HX-Current-URL") or reverse("deals")
    return HttpResponse(status=204, headers={"HX-Redirect": page})


@login_required
@require_http_methods(["PUT"])
def width(request: PersonRequest, key: str) -> HttpResponse:
    """How wide a column was pulled, in pixels."""
    pixels = typed(request).get("width", "")
    if pixels.isdecimal() and len(pixels) < 6:
        keep_width(request.user, key, int(pixels), fields.specs(request.user.actor))
    return HttpResponse(status=204)
