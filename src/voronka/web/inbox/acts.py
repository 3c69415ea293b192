"""Who answers: taking, handing over, putting off, closing, looking."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.conversations import actions
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.web.deals.answers import toast
from voronka.web.requests import PersonRequest

from .entry import changed, row_of


@login_required
@require_POST
def taking(request: PersonRequest, client: int) -> HttpResponse:
    """Whoever is first; the other is told who was."""
    row_of(request, client)
    actions.take(client, by=request.user.actor)
    return changed(request, client)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def responsible(request: PersonRequest, client: int) -> HttpResponse:
    """The dialog, and handing over with a note."""
    row = row_of(request, client)
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = request.POST.get("to", "")
        to = Person.objects.filter(pk=int(given), is_active=True).first() if given.isdecimal() else None
        if to is not None:
            actions.hand_over(client, by=request.user.actor, to=to, note=request.POST.get("note", ""))
            return toast(changed(request, client), _("{name} answers now").format(name=to.name))
        errors = {"to": _("Choose one.")}
    people = Person.objects.filter(is_active=True).exclude(pk=row.taken_by_id or 0).order_by("name")
    context = {
        "client": client,
        "people": list(people.values_list("pk", "name")),
        "form": request.POST,
        "errors": errors,
    }
    return render(request, "inbox/responsible.html", context, status=422 if errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rest(request: PersonRequest, client: int) -> HttpResponse:
    """The dialog, and putting off: for an hour, till tomorrow, till a moment."""
    row_of(request, client)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.snooze(client, by=request.user.actor, until=_until(request))
            return changed(request, client)
        except FieldErrors as wrong:
            errors = wrong.errors
    context = {"client": client, "choices": _choices(), "form": request.POST, "errors": errors}
    return render(request, "inbox/rest.html", context, status=422 if errors else 200)


@login_required
@require_POST
def closing(request: PersonRequest, client: int) -> HttpResponse:
    row_of(request, client)
    actions.close(client, by=request.user.actor)
    undo = {"url": f"/inbox/{client}/opening", "method": "post"}
    return toast(changed(request, client), _("The conversation is closed"), undo=undo)


@login_required
@require_POST
def opening(request: PersonRequest, client: int) -> HttpResponse:
    row_of(request, client)
    actions.reopen(client, by=request.user.actor)
    return changed(request, client)


@login_required
@require_POST
def reading(request: PersonRequest, client: int) -> HttpResponse:
    """The thread was looked at by whoever answers."""
    actions.read(row_of(request, client).company_id, by=request.user.actor)
    return HttpResponse(status=204)


def _choices() -> list[tuple[str, str]]:
    return [
        ("hour", _("For an hour")),
        ("evening", _("For four hours")),
        ("tomorrow", _("Till tomorrow, 9:00")),
        ("at", _("Till a moment")),
    ]


def _until(request: PersonRequest) -> datetime:
    when, now, zone = request.POST.get("when", ""), clock.now(), timezone.get_current_timezone()
    if when == "hour":
        return now + timedelta(hours=1)
    if when == "evening":
        return now + timedelta(hours=4)
    if when == "tomorrow":
        tomorrow = now.astimezone(zone) + timedelta(days=1)
        return tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
    try:
        return datetime.fromisoformat(request.POST.get("until", "")).replace(tzinfo=zone)
    except ValueError as error:
        raise FieldErrors({"until": _("Write a date and a time.")}) from error
