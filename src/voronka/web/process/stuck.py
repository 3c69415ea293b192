"""What is stuck and why, as the head sees it: counts by reason that open deals, and remedies of one click."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from voronka.deals.actions import assign_deal
from voronka.deals.models import Approval, Deal
from voronka.kernel import clock
from voronka.kernel.errors import Refusal
from voronka.process.actions import mend_rule
from voronka.process.models import BrokenRule
from voronka.process.queries import rule_title
from voronka.staff.models import Person
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from . import figures, icons
from .access import seeing_needed
from .deallist import PAGE

#: A remedy makes a task that is due in so long.
TASK_DUE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why deals are stuck. `found`: those of a person's deals that are."""

    title: str | Promise
    why: str | Promise
    icon: str
    found: Callable[[QuerySet[Deal]], QuerySet[Deal]]


def _working(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    return deals.filter(closed_at=None, stage__meaning="open")


REASONS: Mapping[str, Reason] = {
    "late": Reason(
        title=gettext_lazy("Over the limit of the stage"),
        why=gettext_lazy("Longer on the stage than it allows."),
        icon=icons.STUCK["late"],
        found=lambda deals: deals.filter(figures.over_limit(), closed_at=None),
    ),
    "stepless": Reason(
        title=gettext_lazy("Without a next step"),
        why=gettext_lazy("No open task: nothing will happen by itself."),
        icon=icons.STUCK["stepless"],
        found=lambda deals: _working(deals).filter(next_step_at=None),
    ),
    "overdue": Reason(
        title=gettext_lazy("Step overdue"),
        why=gettext_lazy("The nearest task should have been done."),
        icon=icons.STUCK["overdue"],
        found=lambda deals: _working(deals).filter(next_step_at__lt=clock.now()),
    ),
    "approval": Reason(
        title=gettext_lazy("Waiting for approval"),
        why=gettext_lazy("A move waits for the word of a head: open the deal and say it."),
        icon=icons.STUCK["approval"],
        found=lambda deals: deals.filter(pk__in=Approval.objects.filter(decided_at=None).values("deal_id")),
    ),
}


@seeing_needed
@require_safe
def stuck(request: PersonRequest) -> HttpResponse:
    """Reasons with counts, and the deals of the one that is open."""
    reason = request.GET.get("reason", "late")
    if reason not in (*REASONS, "aside"):
        raise Http404
    mine = Deal.objects.visible_to(request.user)
    counts = {key: one.found(mine).order_by().count() for key, one in REASONS.items()}
    broken = list(BrokenRule.objects.order_by("-broken_at"))
    deals = _asked(request, REASONS[reason].found(mine)) if reason in REASONS else Deal.objects.none()
    rows = list(
        deals.select_related("company", "stage", "funnel", "responsible").order_by("stage_entered_at", "pk")[: PAGE + 1]
    )
    facts = {
        "current": "process",
        "reason": reason,
        "reasons": [(key, one, counts[key]) for key, one in REASONS.items()],
        "why": REASONS[reason].why if reason in REASONS else "",
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "broken": [(one, rule_title(one.rule)) for one in broken],
        "by_stage": _by_stage(REASONS[reason].found(mine)) if reason in REASONS else [],
        "stage": request.GET.get("stage", ""),
        "people": _people(request.user),
        "may_assign": request.user.may("assign_deals"),
        "may_edit": request.user.may("manage_process"),
        "here": request.get_full_path(),
    }
    return render(request, "process/stuck.html", facts)


@seeing_needed
@require_POST
def remedy(request: PersonRequest) -> HttpResponse:
    """One click about chosen deals: a task for whoever leads them, another person, or a rule switched on again."""
    back = request.POST.get("back", "")
    back = back if back.startswith(reverse("process-stuck")) else reverse("process-stuck")
    if rule := request.POST.get("rule", ""):
        mend_rule(rule, by=request.user.actor)
        return done(request, back)
    chosen = [int(pk) for pk in request.POST.getlist("deal") if pk.isascii() and pk.isdecimal() and len(pk) < 18][:PAGE]
    deals = list(Deal.objects.visible_to(request.user).filter(pk__in=chosen).select_related("responsible", "company"))
    if request.POST.get("do") == "task":
        said = _tasks(deals, request.user)
    else:
        said = _hand_over(deals, request)
    return done(request, back, said)


def _tasks(deals: Sequence[Deal], person: Person) -> str:
    kind = TaskKind.objects.filter(is_active=True).order_by("position", "pk").first()
    if kind is None:
        raise Refusal(_("There are no kinds of tasks yet."), rule="task")
    for deal in deals:
        create_task(
            by=person.actor,
            kind=kind,
            title=_("Find out what holds it up"),
            due_at=clock.now() + TASK_DUE,
            responsible=deal.responsible or person,
            deal_id=deal.pk,
            company=deal.company,
            deal_audience=deal.audience,
        )
    return ngettext("%(num)d task made", "%(num)d tasks made", len(deals)) % {"num": len(deals)}


def _hand_over(deals: Sequence[Deal], request: PersonRequest) -> str:
    to = next((one for one in _people(request.user) if str(one.pk) == request.POST.get("person")), None)
    if to is None:
        raise Refusal(_("Choose whom to hand the deals to."), rule="person")
    for deal in deals:
        assign_deal(deal.pk, by=request.user.actor, to=to)
    text = ngettext("%(num)d deal handed over: %(name)s", "%(num)d deals handed over: %(name)s", len(deals))
    return text % {"num": len(deals), "name": to.name}


def _asked(request: PersonRequest, deals: QuerySet[Deal]) -> QuerySet[Deal]:
    stage = request.GET.get("stage", "")
    return deals.filter(stage=int(stage)) if stage.isascii() and stage.isdecimal() and len(stage) < 18 else deals


def _by_stage(deals: QuerySet[Deal]) -> list[tuple[int, str, str, int]]:
    """Where they hang: (stage id, stage, funnel, how many), the fullest first."""
    rows = deals.order_by().values_list("stage_id", "stage__title", "stage__funnel__title").annotate(Count("pk"))
    return sorted(rows, key=lambda row: -row[3])[:12]


def _people(person: Person) -> list[Person]:
    if not person.may("assign_deals"):
        return []
    return list(Person.objects.filter(is_active=True).select_related("role", "seat").order_by("name"))
