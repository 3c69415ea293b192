"""The knowledge base: articles by section and scripts, as a page and in a dialog over the card; search; a sheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from voronka.process import knowledge, scripts, values
from voronka.process.knowledge import Page
from voronka.process.queries import active
from voronka.web import markdown
from voronka.web.requests import PersonRequest
from voronka.web.search.palette import marked

#: What may be typed into the search.
LONGEST = 100


@login_required
@require_safe
def base(request: PersonRequest) -> HttpResponse:
    """All that the role may read; `q` narrows it while one types."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    hits = [
        {"page": hit.page, "title": marked(hit.page.title, hit.words), "excerpt": marked(hit.excerpt, hit.words)}
        for hit in (knowledge.find(request.user, typed) if typed else ())
    ]
    facts = {"q": typed, "hits": hits, "chosen": None}
    if request.htmx.target == "know-found":
        return render(request, "knowledge/found.html", facts | _shelves(request) | {"over": "over" in request.GET})
    return _shown(request, facts)


@login_required
@require_safe
def one(request: PersonRequest, kind: str, key: str) -> HttpResponse:
    return _shown(request, {"q": "", "hits": [], **_of(_page(request, kind, key))})


@login_required
@require_safe
def sheet(request: PersonRequest, kind: str, key: str) -> HttpResponse:
    """For paper."""
    return render(request, "knowledge/print.html", _of(_page(request, kind, key)))


def _shown(request: PersonRequest, facts: dict[str, Any]) -> HttpResponse:
    over = request.htmx.target == "dialogs"
    more = {"current": "knowledge", "over": over, "may_edit": request.user.may("manage_process"), **_shelves(request)}
    return render(request, "knowledge/dialog.html" if over else "knowledge/page.html", facts | more)


def _shelves(request: PersonRequest) -> dict[str, Any]:
    """Articles by section in document order, then scripts."""
    shelves: dict[str, list[Page]] = {}
    for page in knowledge.pages(request.user):
        shelves.setdefault(page.section, []).append(page)
    spoken = shelves.pop("", [])
    return {"shelves": list(shelves.items()), "spoken": spoken}


def _page(request: PersonRequest, kind: str, key: str) -> Page:
    found = knowledge.page(request.user, kind, key)
    if found is None:
        raise Http404
    return found


def _of(page: Page) -> dict[str, Any]:
    """The page as it is read: an article as HTML, a script by its steps with blanks named."""
    if page.kind == knowledge.ARTICLE:
        return {"chosen": page, "html": markdown.article(page.text), "steps": []}
    said = [{"step": part.step, "html": markdown.spoken(part.text, _named)} for part in scripts.parts(page.text)]
    return {"chosen": page, "html": "", "steps": said}


def _named(placeholder: str) -> str | None:
    """What a placeholder stands for, where there is no deal."""
    outline = active().outline
    known = outline.knows(values.PLACEHOLDER, placeholder)
    return outline.title(values.PLACEHOLDER, placeholder) if known else None
