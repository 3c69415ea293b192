"""Settings: kinds of tasks."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import FieldErrors
from voronka.tasks.actions.kinds import LONGEST_TITLE, KindFacts, add_kind, change_kind, retire_kind
from voronka.tasks.models import TaskKind
from voronka.web.icons import TASK_KINDS
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import dialog, done
from voronka.web.settings.sections import sections

from .forms import LENGTH, REMIND, errors
from .words import reminders

needed = permission_needed("manage_process")


class KindForm(forms.Form):
    title = forms.CharField(max_length=LONGEST_TITLE, error_messages={"required": gettext_lazy("Name it.")})
    icon = forms.ChoiceField(choices=[(name, name) for name in TASK_KINDS])
    minutes = forms.IntegerField(error_messages=LENGTH)
    remind = forms.ChoiceField(choices=[("", ""), *((str(one), one) for one in REMIND)], required=False)
    result_required = forms.BooleanField(required=False)

    def facts(self) -> KindFacts:
        given = self.cleaned_data
        return KindFacts(
            title=given["title"].strip(),
            icon=given["icon"],
            result_required=given["result_required"],
            minutes=given["minutes"],
            remind_before=int(given["remind"]) if given["remind"] else None,
        )


@needed
@require_safe
def kinds(request: PersonRequest) -> HttpResponse:
    found = TaskKind.objects.annotate(open=Count("tasks", filter=Q(tasks__done_at=None)))
    context = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "task-kinds",
        "kinds": found.order_by("-is_active", "position", "pk"),
        "reminders": dict(reminders()),
    }
    return render(request, "tasks/kinds.html", context)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    return _edit(request, None)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, number: int) -> HttpResponse:
    return _edit(request, get_object_or_404(TaskKind, pk=number))


@needed
@require_POST
def retirement(request: PersonRequest, number: int) -> HttpResponse:
    """`back` brings it back."""
    retire_kind(get_object_or_404(TaskKind, pk=number), by=request.user.actor, is_active="back" in request.POST)
    return done(request, reverse("task-kinds"))


def _edit(request: PersonRequest, kind: TaskKind | None) -> HttpResponse:
    title = kind.title if kind else _("New kind of task")
    form = KindForm(request.POST or None, initial=_known(kind))
    shown: dict[str, Any] = {"kind": kind, "form": form, "errors": {}}
    shown |= {"icons": TASK_KINDS.items(), "reminders": reminders()}
    if request.method != "POST":
        return dialog(request, "tasks/kind.html", shown, title=title)
    try:
        if not form.is_valid():
            raise FieldErrors(errors(form))
        if kind:
            change_kind(kind, by=request.user.actor, facts=form.facts())
        else:
            add_kind(by=request.user.actor, facts=form.facts())
    except FieldErrors as refused:
        return dialog(request, "tasks/kind.html", shown | {"errors": refused.errors}, title=title, status=422)
    return done(request, reverse("task-kinds"))


def _known(kind: TaskKind | None) -> dict:
    if kind is None:
        return {"icon": "checkbox", "minutes": 30, "remind": ""}
    before = "" if kind.remind_before is None else str(kind.remind_before)
    return {
        "title": kind.title,
        "icon": kind.icon,
        "minutes": kind.minutes,
        "remind": before,
        "result_required": kind.result_required,
    }
