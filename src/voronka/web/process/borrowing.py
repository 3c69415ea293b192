"""Taking a funnel of another trade: what comes along is read and what both have is settled, then it is in the draft."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from voronka.presets import catalogue
from voronka.process import document, drafts, sentences
from voronka.process.borrowing import Loan, loan
from voronka.process.document import DocumentErrors
from voronka.process.editing import Editor
from voronka.process.schema import Process
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from .access import editing_needed
from .shown import Shown, shown_to

#: List of the document → what its things are called in the preview.
_LISTS: Mapping[str, str | Promise] = {
    "roles": gettext_lazy("Roles"),
    "task_kinds": gettext_lazy("Kinds of tasks"),
    "templates": gettext_lazy("Message templates"),
    "segments": gettext_lazy("Segments"),
    "calendars": gettext_lazy("Working calendars"),
    "deal": gettext_lazy("Fields of deals"),
}


@editing_needed
@require_safe
def offered(request: PersonRequest) -> HttpResponse:
    """All trades with their funnels."""
    trades = [
        {
            "key": preset.key,
            "title": preset.title,
            "funnels": [
                {"funnel": funnel, "rules": _rules_of(preset.key, funnel.key)} for funnel in _preset(preset.key).funnels
            ],
        }
        for preset in catalogue.available()
        if preset.key != "empty"
    ]
    facts = {"current": "process", "shown": shown_to(request.user), "trades": trades}
    return render(request, "process/borrowing.html", facts)


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, preset: str, funnel: str) -> HttpResponse:
    """What comes with the funnel; POST takes it into the draft, with `own` for the things of ours that stand."""
    if preset not in catalogue.KEYS or funnel not in {one.key for one in _preset(preset).funnels}:
        raise Http404
    shown = shown_to(request.user)
    if request.method != "POST":
        return _page(request, shown, preset, funnel)
    found = loan(funnel, source=_preset(preset), into=shown.process, own=request.POST.getlist("own"))
    if found.clashes:
        said = _("Say of each thing that both have whether yours stands.")
        return _page(request, shown, preset, funnel, said=said, status=422)
    what = _("Funnel «{title}» taken from «{trade}»").format(title=found.funnel["title"], trade=_preset(preset).title)
    try:
        drafts.edit(found.write, what=what, by=request.user.actor)
    except DocumentErrors as error:
        said = " ".join(str(one) for one in error.errors)
        return _page(request, shown, preset, funnel, said=said, status=422)
    return done(request, reverse("process-draft"))


@cache
def _preset(key: str) -> Process:
    return document.trusted(catalogue.text(key))


def _rules_of(preset: str, funnel: str) -> int:
    return len(loan(funnel, source=_preset(preset), into=_preset(preset)).rules)


def _page(
    request: PersonRequest, shown: Shown, preset: str, funnel: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    """Things that both have are all shown, whatever has been said of them already."""
    found = loan(funnel, source=_preset(preset), into=shown.process)
    facts: dict[str, Any] = {
        "current": "process",
        "shown": shown,
        "trade": _preset(preset).title,
        "loan": found,
        "own": set(request.POST.getlist("own")),
        "rules": _rules(found, shown),
        "brought": _brought(found),
        "said": said,
    }
    return render(request, "process/borrowing_one.html", facts, status=status)


def _rules(found: Loan, shown: Shown) -> list[str]:
    """The rules that come, as sentences of the process they would stand in; by title when that can't be read."""
    source = shown.draft or shown.version
    editor = Editor(source.document if source else "format: 1\n")
    found.write(editor)
    try:
        process = document.trusted(editor.text())
    except DocumentErrors:
        return [rule["title"] for rule in found.rules]
    return [sentences.rule(process.rules_by_key[rule["key"]], process) for rule in found.rules]


def _brought(found: Loan) -> list[tuple[str, list[str]]]:
    """What comes along beside rules: the name of the list, titles of its things."""
    titles: dict[str, list[str]] = {}
    for place, thing in found.brought:
        titles.setdefault(place[-1], []).append(thing["title"])
    if found.scripts:
        titles["scripts"] = [script["title"] for script in found.scripts]
    names = {**_LISTS, "scripts": _("Scripts")}
    return [(str(names[key]), things) for key, things in titles.items()]
