"""Two open deals of one client laid side by side, made one, and parted again."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.clients.merges import standing
from voronka.clients.merging import choice
from voronka.clients.models import Merge
from voronka.clients.tags import known_tags, shown
from voronka.deals.actions import merge_deals, undo_merge
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.errors import Refusal
from voronka.web import formats
from voronka.web.clients.sides import APART, FIXED, Line
from voronka.web.requests import PersonRequest

from .entry import deal_of

#: Columns of which a person chooses one side; of all the rest `clients.merging.choice` decides, or both stay.
CHOICES = ("title", "amount")


@login_required
@require_http_methods(["GET", "POST"])
def merges(request: PersonRequest, deal_id: int) -> HttpResponse:
    """GET: this deal beside `other`; POST makes the other part of this one, with the values chosen."""
    deal = deal_of(request, deal_id)
    other = deal_of(request, _number((request.POST or request.GET).get("other", "")))
    values = chosen(request, deal, other)
    facts = {"deal": deal, "other": other, "sides": side_by_side(deal, other)}
    return _answer(
        request,
        deal,
        "deals/merge.html",
        facts,
        lambda: merge_deals(deal.pk, other.pk, by=request.user.actor, values=values),
    )


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, deal_id: int, merge_id: int) -> HttpResponse:
    """GET asks whose the things shall be that came since; POST parts the two."""
    deal = deal_of(request, deal_id)
    found = Merge.objects.filter(pk=merge_id, kind=Merge.Kind.DEAL, survivor__in=deal.all_ids, undone_at=None).first()
    if found is None:
        raise Http404
    since = [("", f"№{deal.pk}"), ("other", f"№{found.other}")]
    to_other = request.POST.get("since") == "other"
    return _answer(
        request,
        deal,
        "deals/part.html",
        {"deal": deal, "merge": found, "since": since},
        lambda: undo_merge(found.pk, by=request.user.actor, since_to_other=to_other),
    )


def parts_of(deal: Deal) -> Sequence[Merge]:
    """What became part of this deal and may be parted again. A query when there is any."""
    return standing(Merge.Kind.DEAL, deal.pk) if len(deal.all_ids) > 1 else ()


def chosen(request: PersonRequest, deal: Deal, other: Deal) -> dict[str, Any]:
    sides = {"this": deal, "other": other}
    picked = {column: sides.get(request.POST.get(column, "")) for column in CHOICES}
    return {column: _plain(getattr(side, column)) for column, side in picked.items() if side}


def side_by_side(deal: Deal, other: Deal) -> list[Line]:
    both, known, language = (deal, other), known_tags(), get_language() or "ru"
    moment = partial(formats.when, now=clock.now(), zone=timezone.get_current_timezone(), language=language)
    amounts = [formats.money(one.amount, language) if one.amount else "" for one in both]
    tags = [APART.join(tag.title for tag in shown(one.tags, known)) for one in both]
    led = [str(one.responsible or "") for one in both]
    lines = [
        Line(_("Subject"), deal.title, other.title, column="title", chosen=_filled(both, "title")),
        Line(_("Amount"), amounts[0], amounts[1], column="amount", chosen=_filled(both, "amount")),
        Line(_("Stage"), deal.stage.title, other.stage.title, column=FIXED, chosen="this"),
        Line(_("Led by"), led[0], led[1], column=FIXED, chosen=_filled(both, "responsible_id")),
        Line(_("Created"), moment(deal.created_at), moment(other.created_at)),
        Line(_("Tasks"), _tasks(deal), _tasks(other)),
        Line(_("Tags"), tags[0], tags[1]),
    ]
    return [line for line in lines if line.this or line.other]


def _filled(both: Sequence[Deal], column: str) -> str:
    """The side that the rule of `choice` takes."""
    mine, theirs = ({column: getattr(one, column)} for one in both)
    return "other" if choice.chosen({column: choice.DEAL[column]}, mine, theirs, {}) else "this"


def _tasks(deal: Deal) -> str:
    count = deal.tasks.filter(done_at=None).count()
    return ngettext("%(count)s open task", "%(count)s open tasks", count) % {"count": count} if count else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


def _answer(
    request: PersonRequest, deal: Deal, template: str, facts: dict[str, Any], act: Callable[[], object]
) -> HttpResponse:
    errors = {}
    if request.method == "POST":
        try:
            act()
            address = reverse("deal", args=[deal.pk])
            return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)
        except Refusal as no:
            errors = {"": no.reason}
    context = {**facts, "form": request.POST, "errors": errors, "current": "deals", "dialog_template": template}
    shown_as = template if request.htmx else "clients/dialog_page.html"
    return render(request, shown_as, context, status=422 if errors else 200)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)
