"""The past of a rule: how often it ran, on which deals, what failed; a rule set aside is switched on again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from voronka.process import labels, past
from voronka.process.actions import mend_rule
from voronka.process.models import BrokenRule, Trace
from voronka.process.queries import active, rule_title
from voronka.process.triggers import Webhook
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from . import knocking
from .access import editing_needed, seeing_needed

PAGE = 50
#: How an outcome that wants a look is coloured.
TONES: dict[str, str] = {Trace.Outcome.REFUSED: "today", Trace.Outcome.BROKEN: "late"}
#: So many stand beside the form of the rule.
LATEST = 5


def facts_of(key: str, person: Person) -> dict[str, Any]:
    """What stands beside the form of a rule in force. Four queries, two more for one that other systems call."""
    told = past.tally(key, person)
    most = max(told.days.values(), default=0)
    rule = active().rules_by_key.get(key)
    return {
        "past": {
            "broken": BrokenRule.objects.filter(rule=key).first(),
            "total": told.total,
            "days": [(day, count, round(100 * count / most) if most else 0) for day, count in told.days.items()],
            "outcomes": _outcomes(key, told.outcomes),
            "latest": _rows(past.runs(key, person)[:LATEST]),
            "address": knocking.facts_of(key) if rule and isinstance(rule.when, Webhook) else None,
        }
    }


@seeing_needed
@require_safe
def runs(request: PersonRequest, key: str) -> HttpResponse:
    """All runs, narrowed by `outcome`; `before` is the moment and the number of the last one seen."""
    outcome = request.GET.get("outcome", "")
    found = past.runs(key, request.user)
    if outcome:
        found = found.filter(outcome=outcome)
    rows = _rows(_before(found, request.GET.get("before", ""))[: PAGE + 1])
    asked = request.GET.copy()
    if len(rows) > PAGE:
        last = rows[PAGE - 1]["trace"]
        asked["before"] = f"{last.at.isoformat()},{last.pk}"
    facts = {
        "current": "process",
        "key": key,
        "title": rule_title(key),
        "rows": rows[:PAGE],
        "more": f"?{asked.urlencode()}" if len(rows) > PAGE else "",
        "outcome": outcome,
        "outcomes": _outcomes(key, past.tally(key, request.user).outcomes),
    }
    return render(request, "process/runs.html", facts)


@editing_needed
@require_POST
def mending(request: PersonRequest, key: str) -> HttpResponse:
    mend_rule(key, by=request.user.actor)
    return done(request, reverse("process-rule", args=[key]), _("The rule works again."))


def _outcomes(key: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    address = reverse("process-rule-runs", args=[key])
    return [
        {
            "key": outcome,
            "title": str(word),
            "tone": TONES.get(outcome, ""),
            "count": counts[outcome],
            "url": f"{address}?outcome={outcome}",
        }
        for outcome, word in labels.OUTCOMES.items()
        if counts.get(outcome)
    ]


def _rows(found: QuerySet[Trace]) -> list[dict[str, Any]]:
    return [
        {
            "trace": one,
            "outcome": str(labels.OUTCOMES[one.outcome]),
            "tone": TONES.get(one.outcome, ""),
            "did": ", ".join(_did(one.did)),
        }
        for one in found.select_related("deal", "company")
    ]


def _did(steps: Sequence[str]) -> list[str]:
    return [labels.choice(step, "do") for step in steps]


def _before(found: QuerySet[Trace], typed: str) -> QuerySet[Trace]:
    if not typed:
        return found
    try:
        moment, number = typed.rsplit(",", 1)
        at, pk = datetime.fromisoformat(moment.replace(" ", "+")), int(number)
    except ValueError:
        raise Http404 from None
    return found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
