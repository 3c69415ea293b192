"""How settings answer: a dialog over the page for scripts, the same on a page of its own without them."""

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from voronka.web.requests import PersonRequest


def dialog(request: PersonRequest, template: str, facts: dict, *, title: str, status: int = 200) -> HttpResponse:
    """A dialog made by `parts/dialog.html`; a 422 keeps what was typed."""
    if not request.htmx:
        shown = {**facts, "dialog_template": template, "title": title, "current": "settings"}
        return render(request, "settings/alone.html", shown, status=status)
    answer = render(request, template, facts, status=status)
    if request.method != "GET" and status < 300:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#dialogs", "innerHTML"
    return answer


def done(request: PersonRequest, address: str, toast: str = "") -> HttpResponse:
    """It is done: the page that shows it."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    answer = HttpResponse(status=204, headers={"HX-Redirect": address})
    if toast:
        answer["HX-Trigger"] = json.dumps({"toast": {"text": toast}})
    return answer
