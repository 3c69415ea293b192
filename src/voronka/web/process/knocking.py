"""Rules set off by other systems: the secret address, shown once, and what came there."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from voronka.kernel.errors import Refusal
from voronka.process import knocks
from voronka.process.models import Address, Knock
from voronka.process.queries import rule_title
from voronka.staff.queries import names
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import dialog, done

from .access import editing_needed

PAGE = 50
LATEST = 5


def facts_of(key: str) -> dict[str, Any]:
    """The address of a rule, without its secret, and the last calls. Two queries."""
    found = Address.objects.filter(rule=key).first()
    return {
        "made_at": found.made_at if found else None,
        "made_by": dict(names()).get(found.made_by_id, "") if found and found.made_by_id else "",
        "calls": list(Knock.objects.filter(rule=key).order_by("-id")[:LATEST]),
    }


@editing_needed
@require_POST
def address(request: PersonRequest, key: str) -> HttpResponse:
    """A new address, told this once; the one before is dead."""
    secret = knocks.renew_address(key, by=request.user.actor)
    shown = {
        "title": rule_title(key),
        "secret": request.build_absolute_uri(reverse("rule-knock", args=[secret])),
        "address": reverse("process-rule", args=[key]),
    }
    return dialog(request, "process/told.html", shown, title=_("Address for another system"))


@editing_needed
@require_safe
def calls(request: PersonRequest, key: str) -> HttpResponse:
    """What came, newest first; `before` is the last number seen."""
    found = Knock.objects.filter(rule=key).order_by("-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 18:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    if not rows and not Address.objects.filter(rule=key).exists():
        raise Http404
    facts = {
        "current": "process",
        "key": key,
        "title": rule_title(key),
        "rows": rows[:PAGE],
        "more": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    return render(request, "process/calls.html", facts)


@editing_needed
@require_POST
def repetition(request: PersonRequest, key: str, number: int) -> HttpResponse:
    """Do anew what came and led to nothing."""
    try:
        knocks.again(number, by=request.user.actor)
    except Refusal as refusal:
        return done(request, reverse("process-rule-calls", args=[key]), refusal.reason)
    return done(request, reverse("process-rule-calls", args=[key]), _("It is done again."))
