"""What is done to one task: done, another deadline, another person, no longer needed. Each can be undone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.kernel.errors import FieldErrors
from voronka.tasks.actions import cancel_task, change_task, complete_task, end_series, reopen_task
from voronka.tasks.models import Task
from voronka.tasks.queries import visible
from voronka.web.requests import PersonRequest

from . import deadlines, forms
from .answers import changed, dialog


@login_required
@require_http_methods(["GET", "POST", "DELETE"])
def done(request: PersonRequest, task_id: int) -> HttpResponse:
    """GET asks what came of it, POST completes, DELETE takes it back."""
    task = _task(request, task_id)
    if request.method == "DELETE":
        reopen_task(task.pk, by=request.user.actor)
        return changed(request, _("To do again: %(title)s") % {"title": task.title})
    if request.method == "GET":
        return dialog(request, "tasks/result.html", {"task": task, "result": "", "errors": {}})
    result = request.POST.get("result", "")
    try:
        complete_task(task.pk, by=request.user.actor, result=result)
    except FieldErrors as error:
        context = {"task": task, "result": result, "errors": error.errors}
        return dialog(request, "tasks/result.html", context, status=422)
    undo = {"url": reverse("task-done", args=[task.pk]), "method": "delete"}
    return changed(request, _("Done: %(title)s") % {"title": task.title}, undo=undo)


@login_required
@require_http_methods(["GET", "POST", "PUT"])
def deadline(request: PersonRequest, task_id: int) -> HttpResponse:
    """GET offers quick choices, PUT sets one; `preset` names one by its key."""
    task = _task(request, task_id)
    context = {"task": task, "choices": deadlines.choices(), "value": forms.local(task.due_at), "errors": {}}
    if request.method == "GET":
        return dialog(request, "tasks/deadline.html", context)
    given = forms.sent(request)
    known = deadlines.preset(given.get("preset", ""))
    form = forms.Deadline({"due_at": forms.local(known)} if known else given)
    if not form.is_valid():
        context |= {"errors": forms.errors(form), "value": form.data.get("due_at", "")}
        return dialog(request, "tasks/deadline.html", context, status=422)
    before = task.due_at
    change_task(task.pk, by=request.user.actor, due_at=form.cleaned_data["due_at"])
    undo = {
        "url": reverse("task-deadline", args=[task.pk]),
        "method": "put",
        "values": {"due_at": forms.local(before)},
    }
    return changed(request, _("Put off: %(title)s") % {"title": task.title}, undo=undo)


@login_required
@require_http_methods(["POST", "PUT"])
def slot(request: PersonRequest, task_id: int) -> HttpResponse:
    """Dragged in the calendar: another time, length or person at once."""
    task = _task(request, task_id)
    form = forms.Slot(forms.sent(request))
    if not form.is_valid():
        return HttpResponse(" ".join(forms.errors(form).values()), status=422)
    given = form.cleaned_data
    back = {"at": forms.local(task.due_at), "minutes": task.minutes, "responsible": task.responsible_id or ""}
    change_task(
        task.pk,
        by=request.user.actor,
        due_at=given["at"],
        minutes=given["minutes"],
        responsible=given["responsible"],
    )
    when = date_format(timezone.localtime(given["at"]), "j E, H:i")
    text = _("%(title)s: %(when)s") % {"title": task.title, "when": when}
    return changed(request, text, undo={"url": request.path, "method": "put", "values": back})


@login_required
@require_http_methods(["GET", "POST", "PUT"])
def responsible(request: PersonRequest, task_id: int) -> HttpResponse:
    """GET asks who, PUT hands it over."""
    task = _task(request, task_id)
    if request.method == "GET":
        form = forms.Responsible(initial={"responsible": task.responsible_id})
        return dialog(request, "tasks/responsible.html", {"task": task, "form": form, "errors": {}})
    form = forms.Responsible(forms.sent(request))
    if not form.is_valid():
        context = {"task": task, "form": form, "errors": forms.errors(form)}
        return dialog(request, "tasks/responsible.html", context, status=422)
    to, before = form.cleaned_data["responsible"], task.responsible_id
    change_task(task.pk, by=request.user.actor, responsible=to)
    undo = {
        "url": reverse("task-responsible", args=[task.pk]),
        "method": "put",
        "values": {"responsible": before},
    }
    text = _("%(name)s will do it: %(title)s") % {"name": to.name, "title": task.title}
    return changed(request, text, undo=undo if before else None)


@login_required
@require_http_methods(["POST", "DELETE"])
def cancellation(request: PersonRequest, task_id: int) -> HttpResponse:
    """POST: no longer needed, `following`: nor those that would come after it; DELETE takes it back."""
    task = _task(request, task_id)
    if request.method == "DELETE":
        reopen_task(task.pk, by=request.user.actor)
        return changed(request, _("To do again: %(title)s") % {"title": task.title})
    if "following" in request.POST:
        end_series(task.pk, by=request.user.actor)
    cancel_task(task.pk, by=request.user.actor)
    undo = {"url": reverse("task-cancellation", args=[task.pk]), "method": "delete"}
    return changed(request, _("Cancelled: %(title)s") % {"title": task.title}, undo=undo)


def _task(request: PersonRequest, task_id: int) -> Task:
    return get_object_or_404(visible(request.user), pk=task_id)
