"""The check on history on screen: beginning it, how far it is, what would have been otherwise, the deals behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from voronka.deals.models import Deal
from voronka.kernel.models import Event
from voronka.process import document, trials
from voronka.process.models import Trial, TrialFigure
from voronka.process.replay.simulate import STUCK
from voronka.process.replay.world import is_told
from voronka.process.schema import Process
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from . import deallist
from .access import editing_needed, seeing_needed

PERIODS = (7, 30, 90, 365)
#: Kinds of effects in the order people ask about them.
ORDER = ("move", "task", "message", STUCK, "deal", "notice", "other")
#: Event kinds that tell how often rules really did it.
_REAL = {"move": "deal.moved", "deal": "deal.created"}


@dataclass(kw_only=True)
class Line:
    """One rule, or one kind in all. `really`: how often it was done in that time; None where that is not kept."""

    kind: str
    rule: str
    title: str
    before: int = 0
    after: int = 0
    really: int | None = None

    @property
    def difference(self) -> int:
        return self.after - self.before


@editing_needed
@require_POST
def begin(request: PersonRequest) -> HttpResponse:
    """Begin one; its page shows how far it is."""
    days = request.POST.get("days", "30")
    wanted = int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else 30
    trial = trials.begin(request.user, by=request.user.actor, days=wanted)
    if request.htmx:
        return render(request, "process/trial_box.html", trial_facts(trial))
    return done(request, reverse("process-trial", args=[trial.pk]))


@seeing_needed
@require_safe
def trial(request: PersonRequest, number: int) -> HttpResponse:
    """A page of its own; for scripts only the box."""
    found = _mine(request, number)
    facts = trial_facts(found)
    if request.htmx:
        return render(request, "process/trial_box.html", facts)
    return render(request, "process/trial.html", facts | {"current": "process"})


@seeing_needed
@require_safe
def deals(request: PersonRequest, number: int) -> HttpResponse:
    """The deals behind a figure: of a kind in all or of one rule; `side=before` for the process in force."""
    found = _mine(request, number)
    kind, rule = request.GET.get("kind", ""), request.GET.get("rule", "")
    if kind not in ORDER:
        raise Http404
    figures = found.figures.filter(kind=kind)
    figures = figures.filter(rule=rule) if rule else figures
    side = "deals_before" if request.GET.get("side") == "before" else "deals"
    ids = sorted({pk for one in figures.values_list(side, flat=True) for pk in one}, reverse=True)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 18:
        ids = [pk for pk in ids if pk < int(before)]
    seen = Deal.objects.visible_to(request.user).filter(pk__in=ids[: 4 * deallist.PAGE])
    title = kind_title(kind) if not rule else _title(kind, rule, document.trusted(found.document))
    return deallist.answer(
        request, seen, title=title, lead=_("check on history of %(days)s days") % {"days": found.days}
    )


def latest_facts(person: Person) -> dict[str, Any]:
    return trial_facts(trials.latest(person))


def trial_facts(found: Trial | None) -> dict[str, Any]:
    """What the box shows."""
    facts: dict[str, Any] = {"trial": found, "trial_periods": PERIODS, "totals": [], "lines": [], "loads": []}
    if found is None or found.ended_at is None:
        return facts
    process = document.trusted(found.document)
    lines = _lines(found, process)
    return facts | {
        "totals": _totals(lines),
        "lines": [line for line in lines if line.kind != STUCK],
        "stuck": [line for line in lines if line.kind == STUCK],
        "loads": _loads(found),
        "untested": _untested(process),
        "seconds": round((found.ended_at - found.created_at).total_seconds()),
    }


def _lines(found: Trial, process: Process) -> list[Line]:
    """By kind and rule; rules of the draft in its order, then those it takes away."""
    order = {rule.key: place for place, rule in enumerate(process.rules)}
    really = _really(found)
    lines: dict[tuple[str, str], Line] = {}
    for figure in TrialFigure.objects.filter(trial=found).defer("deals", "deals_before"):
        key = (figure.kind, figure.rule)
        line = lines.setdefault(
            key,
            Line(
                kind=figure.kind,
                rule=figure.rule,
                title=_title(*key, process),
                really=really.get(key, 0) if figure.kind in ("task", *_REAL) else None,
            ),
        )
        line.before += figure.before
        line.after += figure.after
    return sorted(lines.values(), key=lambda line: (ORDER.index(line.kind), order.get(line.rule, len(order))))


def _really(found: Trial) -> Mapping[tuple[str, str], int]:
    """How often rules really did it in that time."""
    span = (found.created_at - timedelta(days=found.days), found.created_at)
    tasks = Task.objects.filter(created_at__range=span).exclude(rule="").order_by()
    counts = {("task", rule): count for rule, count in tasks.values_list("rule").annotate(Count("pk"))}
    events = Event.objects.filter(kind__in=_REAL.values(), at__range=span, by_kind="rule").order_by()
    kinds = {event: kind for kind, event in _REAL.items()}
    for event, rule, count in events.values_list("kind", "why").annotate(Count("pk")):
        counts[kinds[event], rule] = count
    return counts


def _totals(lines: list[Line]) -> list[Line]:
    """One line a kind, for the kinds that people ask about first."""
    found = []
    for kind in ("move", "task", "message", "deal", STUCK):
        of_kind = [line for line in lines if line.kind == kind]
        counted = [line.really for line in of_kind if line.really is not None]
        found.append(
            Line(
                kind=kind,
                rule="",
                title=kind_title(kind),
                before=sum(line.before for line in of_kind),
                after=sum(line.after for line in of_kind),
                really=sum(counted) if counted else None,
            )
        )
    return found


def kind_title(kind: str) -> str:
    return {
        "move": _("Deals moved"),
        "task": _("Tasks made"),
        "message": _("Messages to clients"),
        STUCK: _("Moves that would be refused"),
        "deal": _("Deals opened"),
        "notice": _("Notices to people"),
        "other": _("Other acts"),
    }[kind]


def _title(kind: str, rule: str, process: Process) -> str:
    """A rule by its title; of a refused move the stage it led to."""
    if kind == STUCK:
        stage = process.stages.get(rule)
        return _("to «{stage}»").format(stage=stage.title if stage else rule)
    return next((one.title for one in process.rules if one.key == rule), rule)


def _loads(found: Trial) -> list[tuple[str, int]]:
    """Whose tasks would change, the most first."""
    people = Person.objects.in_bulk([int(pk) for pk in found.people])
    rows = [(people[int(pk)].name, after - before) for pk, (before, after) in found.people.items() if int(pk) in people]
    return sorted(rows, key=lambda row: -abs(row[1]))[:5]


def _untested(process: Process) -> list[str]:
    """Rules that history says nothing about."""
    return [rule.title for rule in process.timed if not is_told(rule)]


def _mine(request: PersonRequest, number: int) -> Trial:
    return get_object_or_404(Trial, pk=number, person=request.user)
