"""The list of channels, one connection in steps, its live check."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.channels import registry
from voronka.channels.models import Connection
from voronka.channels.port import Verdict
from voronka.intake import actions
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Brand, Location
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import dialog, done
from voronka.web.settings.sections import sections

from .steps import stages_of

needed = permission_needed("manage_sources")


@needed
@require_safe
def channels(request: PersonRequest) -> HttpResponse:
    rows = Connection.objects.select_related("source__brand", "source__location").order_by("title", "pk")
    return render(request, "channels/list.html", {**_frame(request), "rows": rows, "kinds": registry.channels()})


@needed
@require_POST
def new(request: PersonRequest, kind: str) -> HttpResponse:
    """A connection that is yet to be set up."""
    if kind not in registry.known():
        raise Http404
    row = actions.add_connection(kind, by=request.user.actor)
    return done(request, reverse("channel", args=[row.pk]))


@needed
@require_safe
def one(request: PersonRequest, number: int) -> HttpResponse:
    return render(request, "channels/one.html", {**_frame(request), **_facts(_row(number))})


@needed
@sensitive_post_parameters()
@require_POST
def values(request: PersonRequest, number: int) -> HttpResponse:
    """What the set-up form asks; what is wrong stands beside its blank."""
    row = _row(number)
    try:
        actions.fill_connection(row.pk, by=request.user.actor, values=request.POST.dict())
    except FieldErrors as wrong:
        context = {**_frame(request), **_facts(row), "errors": wrong.errors}
        return render(request, "channels/one.html", context, status=422)
    return done(request, reverse("channel", args=[number]))


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: PersonRequest, number: int) -> HttpResponse:
    """The dialog of what is ours to say: its name, whose inquiries these are, the limit, how it delivers."""
    row = _row(number)
    form: Any = {
        "title": row.title,
        "brand": row.source.brand_id or "",
        "location": row.source.location_id or "",
        "answer_minutes": row.answer_minutes,
        "receives": row.receives,
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = request.POST
        minutes = form.get("answer_minutes", "")
        try:
            actions.change_connection(
                number,
                by=request.user.actor,
                title=form.get("title", ""),
                brand=_chosen(Brand, form.get("brand", "")),
                location=_chosen(Location, form.get("location", "")),
                answer_minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 9 else 0,
                receives=form.get("receives", row.receives),
            )
            return done(request, reverse("channel", args=[number]))
        except FieldErrors as wrong:
            errors = wrong.errors
    can = row.channel.can
    ways = [("webhook", _("It posts to us"))] if can.webhook else []
    ways += [("poll", _("We ask it ourselves"))] if can.poll else []
    shown = {
        "row": row,
        "form": form,
        "errors": errors,
        "brands": list(Brand.objects.order_by("name").values_list("pk", "name")),
        "locations": list(Location.objects.order_by("name").values_list("pk", "name")),
        "ways": ways,
    }
    return dialog(request, "channels/details.html", shown, title=row.title, status=422 if errors else 200)


@needed
@require_POST
def activity(request: PersonRequest, number: int) -> HttpResponse:
    act = actions.switch_on if request.POST.get("on") == "1" else actions.switch_off
    act(_row(number).pk, by=request.user.actor)
    return done(request, reverse("channel", args=[number]))


@needed
@require_safe
def check(request: PersonRequest, number: int) -> HttpResponse:
    """Looked at live, again and again while the page is open; what is wrong is told in its step, with its remedy."""
    row = _row(number)
    checks = row.channel.check(row.account)
    wrong = next((one for one in checks if one.verdict == Verdict.BAD), None)
    context = {"row": row, "checks": checks, "wrong": wrong, "looked_at": clock.now()}
    return render(request, "channels/check.html", context)


@needed
@require_POST
def remedy(request: PersonRequest, number: int) -> HttpResponse:
    actions.mend_connection(_row(number).pk, by=request.user.actor, remedy=request.POST.get("remedy", ""))
    return done(request, reverse("channel", args=[number]))


def _facts(row: Connection) -> dict[str, Any]:
    stages = stages_of(row)
    here = next((stage.number for stage in stages if stage.state == "here"), len(stages))
    return {"row": row, "channel_kind": row.channel, "stages": stages, "here_step": here, "errors": {}}


def _row(number: int) -> Connection:
    return get_object_or_404(Connection.objects.select_related("source__brand", "source__location"), pk=number)


def _chosen(model: Any, text: str) -> Any:
    return model.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 10 else None


def _frame(request: PersonRequest) -> dict[str, Any]:
    return {"current": "settings", "sections": sections(request.user), "here": "channels"}
