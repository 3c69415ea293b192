"""Steps of a deal: plan one, say what came of it, put it off."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals.actions import finish_step, plan_step
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.tasks.actions import change_task
from voronka.tasks.models import Task
from voronka.web.requests import PersonRequest

from . import card, steps
from .answers import changed, toast
from .entry import deal_of, typed


@login_required
@require_http_methods(["GET", "POST"])
def tasks(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The dialog of a new step; the composer and the dialog both post here."""
    deal = deal_of(request, deal_id)
    if request.method == "GET":
        return _plan(request, deal)
    try:
        plan_step(deal_id, by=request.user.actor, step=steps.read_step(request.POST))
    except FieldErrors as wrong:
        if "dialog" not in request.POST:
            raise
        return _plan(request, deal, errors=wrong.errors)
    return changed(request, deal)


@login_required
@require_http_methods(["GET", "PUT"])
def result(request: PersonRequest, deal_id: int, task_id: int) -> HttpResponse:
    """Done: what came of it, and the next step when one is named."""
    deal = deal_of(request, deal_id)
    task = _task(deal, task_id)
    form = typed(request) if request.method == "PUT" else {}
    if request.method == "GET":
        return _done(request, deal, task, form)
    try:
        then = steps.read_step(form) if form.get("text", "").strip() else None
        finish_step(deal_id, task_id, by=request.user.actor, result=form.get("result", ""), then=then)
    except FieldErrors as wrong:
        return _done(request, deal, task, form, errors=wrong.errors)
    return changed(request, deal)


@login_required
@require_http_methods(["GET", "PUT"])
def deadline(request: PersonRequest, deal_id: int, task_id: int) -> HttpResponse:
    """Put off to another moment."""
    deal = deal_of(request, deal_id)
    task = _task(deal, task_id)
    form: Any = (
        typed(request) if request.method == "PUT" else {"when": "tomorrow", "due_at": steps.local_input(task.due_at)}
    )
    errors: dict[str, str] = {}
    if request.method == "PUT":
        try:
            change_task(task_id, by=request.user.actor, due_at=steps.read_when(form))
        except FieldErrors as wrong:
            errors = wrong.errors
        else:
            return toast(changed(request, deal), _("Put off"))
    context = {"deal": deal, "task": task, "form": form, "errors": errors, "whens": steps.when_options()}
    return render(request, "deals/putoff.html", context, status=422 if errors else 200)


def _task(deal: Deal, task_id: int) -> Task:
    task = deal.tasks.filter(pk=task_id, done_at=None).select_related("kind").first()
    if task is None:
        raise Http404
    return task


def _plan(request: PersonRequest, deal: Deal, *, errors: dict[str, str] | None = None) -> HttpResponse:
    leaving = "leaving" in request.GET
    context = {**_choices(deal), "form": request.POST, "errors": errors or {}, "leaving": leaving}
    return render(request, "deals/step.html", context, status=422 if errors else 200)


def _done(
    request: PersonRequest, deal: Deal, task: Task, form: Any, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    context = {**_choices(deal), "task": task, "form": form, "errors": errors or {}}
    return render(request, "deals/done.html", context, status=422 if errors else 200)


def _choices(deal: Deal) -> dict[str, Any]:
    return {
        "deal": deal,
        "kinds": [(kind.key, kind.title) for kind in steps.kinds()],
        "whens": steps.when_options(),
        "people": card.people(deal),
    }
