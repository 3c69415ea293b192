"""Saved views on screen: tabs, saving one, and the dialog where they are named, ordered, shared, copied and removed."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.filters import lists
from voronka.views import actions
from voronka.views.models import SavedView
from voronka.views.queries import view_for, views_of
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import dialog, done

from .pages import Page, page_of
from .tabs import tabs_of


@login_required
@require_safe
def tabs(request: PersonRequest) -> HttpResponse:
    return render(request, "views/tabs.html", {"saved": tabs_of(request.user, _page(request), request.GET.dict())})


@login_required
@require_safe
def everything(request: PersonRequest) -> HttpResponse:
    """All views of this place in a dialog."""
    return _all(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """The filter of the address under a name: a new one, or that of a view whose filter it takes over."""
    page, form = _page(request), request.POST
    over = next((one.view for one in _changeable(request, page) if str(one.view.pk) == form.get("over", "")), None)
    if request.method != "POST":
        return _save_dialog(request, page, {})
    asked = request.GET.dict()
    tree = lists(page.kept(page.tree(asked, page.base(request.user))))
    facts, by = page.facts_of(asked), request.user.actor
    try:
        if over:
            view = actions.overwrite_view(over.pk, by=by, filter=tree, facts=facts)
        else:
            shared = "shared" in form
            title = form.get("title", "")
            view = actions.save_view(by=by, place=page.place, title=title, filter=tree, facts=facts, shared=shared)
    except (FieldErrors, Refusal) as refused:
        errors = refused.errors if isinstance(refused, FieldErrors) else {"title": refused.reason}
        return _save_dialog(request, page, errors, status=422)
    answer = done(request, page.url(lists(page.shown(page.tree(asked, page.base(request.user)))), facts))
    return _changed(answer, _("The view “%(title)s” is saved") % {"title": view.title}, stay=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, number: int) -> HttpResponse:
    """Rename, share."""
    view = _view(request, number)
    shown: dict[str, Any] = {"view": view, "title": view.title, "shared": view.is_shared, "errors": {}}
    shown |= {"may_share": request.user.may("share_views"), "query": request.GET.urlencode()}
    if request.method != "POST":
        return dialog(request, "views/one.html", shown, title=view.title)
    title, shared = request.POST.get("title", ""), "shared" in request.POST
    try:
        actions.change_view(view.pk, by=request.user.actor, title=title, shared=shared)
    except (FieldErrors, Refusal) as refused:
        errors = refused.errors if isinstance(refused, FieldErrors) else {"title": refused.reason}
        return dialog(
            request, "views/one.html", {**shown, "title": title, "errors": errors}, title=view.title, status=422
        )
    return _changed(_all(request), "")


@login_required
@require_POST
def copy(request: PersonRequest, number: int) -> HttpResponse:
    made = actions.copy_view(_view(request, number), by=request.user.actor)
    return _changed(_all(request), _("A copy is made: “%(title)s”") % {"title": made.title})


@login_required
@require_POST
def pin(request: PersonRequest, number: int) -> HttpResponse:
    actions.pin_view(_view(request, number), person=request.user, pinned=request.POST.get("pinned") == "1")
    return _changed(_all(request), "")


@login_required
@require_POST
def move(request: PersonRequest, number: int) -> HttpResponse:
    actions.move_view(_view(request, number), person=request.user, left=request.POST.get("way") == "left")
    return _changed(_all(request), "")


@login_required
@require_POST
def removal(request: PersonRequest, number: int) -> HttpResponse:
    view = actions.remove_view(_view(request, number).pk, by=request.user.actor)
    undo = {"url": f"{reverse('view-restoration', args=[view.pk])}", "method": "post"}
    return _changed(_all(request), _("The view “%(title)s” is removed") % {"title": view.title}, undo=undo)


@login_required
@require_POST
def restoration(request: PersonRequest, number: int) -> HttpResponse:
    view = view_for(request.user, number, removed=True)
    if view is None:
        raise Http404
    actions.restore_view(view.pk, by=request.user.actor)
    return _changed(HttpResponse(status=204), _("The view “%(title)s” is back") % {"title": view.title})


def _page(request: PersonRequest) -> Page:
    return page_of(request.user, request.GET.get("on", ""))


def _view(request: PersonRequest, number: int) -> SavedView:
    view = view_for(request.user, number)
    if view is None:
        raise Http404
    return view


def _changeable(request: PersonRequest, page: Page) -> list:
    return [one for one in views_of(request.user, page.place) if one.may_change]


def _all(request: PersonRequest) -> HttpResponse:
    page = _page(request)
    found = views_of(request.user, page.place)
    shown = {"found": found, "query": request.GET.urlencode(), "may_share": request.user.may("share_views")}
    answer = dialog(request, "views/all.html", shown, title=_("Views"))
    if request.method == "POST" and request.htmx:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#dialogs", "innerHTML"
    return answer


def _save_dialog(request: PersonRequest, page: Page, errors: dict, *, status: int = 200) -> HttpResponse:
    shown = {
        "errors": errors,
        "title": request.POST.get("title", ""),
        "shared": "shared" in request.POST,
        "over": request.POST.get("over", ""),
        "views": [(one.view.pk, one.view.title) for one in _changeable(request, page)],
        "may_share": request.user.may("share_views"),
        "query": request.GET.urlencode(),
    }
    return dialog(request, "views/new.html", shown, title=_("Save the view"), status=status)


def _changed(answer: HttpResponse, text: str, *, undo: dict | None = None, stay: bool = False) -> HttpResponse:
    """The tabs of the page ask anew. `stay`: the page is the view already, there is no need to go there."""
    if stay and "HX-Redirect" in answer:
        del answer["HX-Redirect"]
    toast = {"toast": {"text": text, **({"undo": undo} if undo else {})}} if text else {}
    answer["HX-Trigger"] = json.dumps({"views:changed": {}, **toast})
    return answer
