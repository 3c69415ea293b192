"""The dialog of a task: a new one, and one that is known."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.kernel.access import sees
from voronka.kernel.errors import FieldErrors
from voronka.tasks.actions import edit_task, plan_task
from voronka.tasks.models import Task
from voronka.tasks.queries import visible
from voronka.tasks.repeat import Repeat
from voronka.web.requests import PersonRequest

from . import deadlines, forms
from .answers import changed, dialog
from .words import reminders


@login_required
@require_http_methods(["GET", "POST"])
def new_task(request: PersonRequest) -> HttpResponse:
    """GET gives the dialog, filled in from the address; POST makes the task."""
    person = request.user
    if request.method == "GET":
        return dialog(request, "tasks/new.html", _facts(forms.NewTask(initial=_given(request), viewer=person)))
    form = forms.NewTask(request.POST, viewer=person)
    if not form.is_valid():
        return dialog(request, "tasks/new.html", _facts(form), status=422)
    values, plan = form.cleaned_data, form.plan()
    deal = values["deal"]
    try:
        task = plan_task(
            by=person.actor,
            kind=values["kind"],
            plan=plan,
            deal_id=deal.pk if deal else None,
            company=deal.company if deal else values["company"],
            deal_audience=deal.audience if deal else None,
        )
    except FieldErrors as error:
        return dialog(request, "tasks/new.html", _facts(form) | {"errors": error.errors}, status=422)
    undo = {
        "url": reverse("task-cancellation", args=[task.pk]),
        "method": "post",
        "values": {"following": "1"} if plan.repeat else {},
    }
    return changed(request, _("Planned: %(title)s") % {"title": task.title}, undo=undo)


@login_required
@require_http_methods(["GET", "POST", "PUT"])
def one_task(request: PersonRequest, task_id: int) -> HttpResponse:
    """GET shows a task and what can be done with it, PUT changes it."""
    task = get_object_or_404(visible(request.user).select_related("series"), pk=task_id)
    seen = {"task": task, "deal": task.deal if task.deal and sees(request.user.reach, task.deal.audience) else None}
    if request.method == "GET":
        return dialog(request, "tasks/one.html", seen | _facts(forms.Planned(initial=_known(task))))
    form = forms.Planned(forms.sent(request))
    if not form.is_valid():
        return dialog(request, "tasks/one.html", seen | _facts(form), status=422)
    try:
        edit_task(task.pk, by=request.user.actor, plan=form.plan(), following=form.data.get("scope") == "following")
    except FieldErrors as error:
        return dialog(request, "tasks/one.html", seen | _facts(form) | {"errors": error.errors}, status=422)
    return changed(request, _("Changed: %(title)s") % {"title": task.title})


def _given(request: PersonRequest) -> dict:
    """What the address of a new task says; the calendar names the time, the length and the person."""
    asked = request.GET
    call = forms.kinds_in_use().filter(key="call").first() or forms.kinds_in_use().first()
    return {
        "kind": call.pk if call else None,
        "responsible": asked.get("responsible") or request.user.pk,
        "due_at": asked.get("due_at") or forms.local(deadlines.usual()),
        "minutes": asked.get("minutes") or "",
        "deal": asked.get("deal", ""),
        "company": asked.get("company", ""),
        "remind": "" if call is None or call.remind_before is None else str(call.remind_before),
    }


def _known(task: Task) -> dict:
    running = task.series if task.series and task.series.ended_at is None else None
    repeat = Repeat.of(running.rule) if running else None
    return {
        "title": task.title,
        "due_at": forms.local(task.due_at),
        "minutes": task.minutes,
        "responsible": task.responsible_id,
        "remind": "" if task.remind_before is None else str(task.remind_before),
        "repeat": repeat.every if repeat else "",
        "days": list(repeat.days) if repeat else [],
        "until": repeat.until.isoformat() if repeat and repeat.until else "",
    }


def _facts(form: forms.Planned) -> dict:
    return {
        "form": form,
        "errors": forms.errors(form) if form.is_bound else {},
        "choices": deadlines.choices(),
        "reminders": reminders(),
        "repeats": [
            ("", _("Once")),
            ("daily", _("Every day")),
            ("weekdays", _("On weekdays")),
            ("weekly", _("Every week")),
            ("monthly", _("Every month")),
        ],
        "weekdays": [(day, date_format(date(2024, 1, 1 + day), "D")) for day in range(7)],
        "chosen_days": {str(day) for day in form["days"].value() or []},
    }
