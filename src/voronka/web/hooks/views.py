"""Webhooks: the list, a new one with its secret, its log, sending again, off and on."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.hooks import actions
from voronka.hooks.kinds import KINDS
from voronka.hooks.models import Delivery, Hook
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Event
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import dialog, done
from voronka.web.settings.sections import sections

PAGE = 50

needed = permission_needed("manage_sources")


@needed
@require_safe
def hooks(request: PersonRequest) -> HttpResponse:
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING))
    rows = Hook.objects.select_related("person").annotate(waiting=waiting).order_by("title", "id")
    return render(request, "hooks/list.html", _frame(request) | {"rows": rows})


@needed
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """POST shows the secret, this once."""
    if request.method != "POST":
        return _form(request, None, {"title": "", "url": "https://", "kinds": []}, {})
    typed = _typed(request)
    try:
        hook, secret = actions.make_hook(request.user, by=request.user.actor, **typed)
    except FieldErrors as refused:
        return _form(request, None, typed, refused.errors, status=422)
    shown = {"hook": hook, "secret": secret, "address": reverse("hook", args=[hook.pk])}
    return dialog(request, "hooks/told.html", shown, title=_("New webhook"))


@needed
@require_safe
def one(request: PersonRequest, number: int) -> HttpResponse:
    """The log, newest first; `state` and `before` choose a part of it."""
    hook = get_object_or_404(Hook.objects.select_related("person"), pk=number)
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    found = Delivery.objects.filter(hook=hook)
    if state in Delivery.State.values:
        found = found.filter(state=state)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-id")[: PAGE + 1])
    events = Event.objects.in_bulk([row.event_id for row in rows])
    shown = {
        "hook": hook,
        "state": state,
        "rows": [(row, events.get(row.event_id)) for row in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "kinds": KINDS,
    }
    return render(request, "hooks/one.html", _frame(request) | shown)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, number: int) -> HttpResponse:
    hook = get_object_or_404(Hook, pk=number)
    if request.method != "POST":
        return _form(request, hook, {"title": hook.title, "url": hook.url, "kinds": hook.kinds}, {})
    typed = _typed(request)
    try:
        actions.change_hook(hook.pk, by=request.user.actor, **typed)
    except FieldErrors as refused:
        return _form(request, hook, typed, refused.errors, status=422)
    return done(request, reverse("hook", args=[hook.pk]))


@needed
@require_POST
def activity(request: PersonRequest, number: int) -> HttpResponse:
    hook = get_object_or_404(Hook, pk=number)
    act = actions.start_hook if request.POST.get("active") == "1" else actions.stop_hook
    act(hook.pk, by=request.user.actor)
    return done(request, reverse("hook", args=[hook.pk]))


@needed
@require_POST
def removal(request: PersonRequest, number: int) -> HttpResponse:
    actions.remove_hook(get_object_or_404(Hook, pk=number).pk, by=request.user.actor)
    return done(request, reverse("hooks"))


@needed
@require_POST
def again(request: PersonRequest, number: int, delivery: int) -> HttpResponse:
    found = get_object_or_404(Delivery, pk=delivery, hook_id=number)
    actions.replay(found.pk, by=request.user.actor)
    return done(request, reverse("hook", args=[number]))


def _typed(request: PersonRequest) -> dict[str, Any]:
    return {
        "title": request.POST.get("title", ""),
        "url": request.POST.get("url", "").strip(),
        "kinds": request.POST.getlist("kinds"),
    }


def _form(
    request: PersonRequest, hook: Hook | None, typed: dict[str, Any], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    shown = {"typed": typed, "hook": hook, "all_kinds": KINDS, "errors": errors}
    return dialog(request, "hooks/form.html", shown, title=_("Webhook"), status=status)


def _frame(request: PersonRequest) -> dict[str, Any]:
    return {"current": "settings", "sections": sections(request.user), "here": "hooks"}
