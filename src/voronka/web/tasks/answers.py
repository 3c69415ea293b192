"""What a change of a task answers: a toast with its undo, and the word to every list on the page to look again."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

#: Lists with `hx-trigger="tasks-changed from:body"` ask anew when they hear it.
CHANGED = "tasks-changed"


def changed(request: HttpRequest, text: str, *, undo: dict[str, Any] | None = None) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("tasks")
    toast: dict[str, Any] = {"text": text}
    if undo:
        toast["undo"] = undo
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({CHANGED: True, "toast": toast, "dialog:close": True})
    return response


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A dialog over the page, or inside a page of its own without scripts."""
    if not request.htmx:  # type: ignore[attr-defined]
        alone = {**context, "dialog_template": template, "current": "tasks"}
        return render(request, "tasks/alone.html", alone, status=status)
    response = render(request, template, context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialogs", "innerHTML"
    return response


def told(response: HttpResponse, text: str) -> HttpResponse:
    """The same answer with a toast."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text}})
    return response
