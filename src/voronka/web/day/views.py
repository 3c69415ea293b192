"""«My day»: what to do now, my figures, order in my cards."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from voronka.deals.actions import change_deal
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Brand, Location, Person
from voronka.staff.queries import company_zone
from voronka.web.requests import PersonRequest

from . import disorder, figures
from .queries import work_of
from .words import sentence

SHOWN = 50
Deals = Callable[[Person, figures.Period], QuerySet[Deal]]


@login_required
@require_safe
def day(request: PersonRequest) -> HttpResponse:
    found = _figures(request)
    done = {"done_today": found["figures"].done_today}
    return render(request, "day/day.html", {"current": "day"} | _work(request) | found | done)


@login_required
@require_safe
def work(request: PersonRequest) -> HttpResponse:
    """The left side alone, for live updates and after every own change."""
    today = figures.Period.of("day", company_zone())
    done, done_today = figures.done_of(request.user, today)
    return render(request, "day/work.html", _work(request) | {"done": done, "done_today": done_today})


@login_required
@require_safe
def figures_box(request: PersonRequest) -> HttpResponse:
    return render(request, "day/figures.html", _figures(request))


@login_required
@require_http_methods(["GET", "POST"])
def order(request: PersonRequest) -> HttpResponse:
    """GET: the box, `after` skips a deal; POST mends one field of one deal and shows the next."""
    if request.method == "GET":
        return render(request, "day/order.html", _order(request, after=_number(request.GET.get("after", ""))))
    sent = request.POST
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=_number(sent.get("deal", "")))
    try:
        change_deal(deal.pk, by=request.user.actor, values={sent.get("field", ""): sent.get("value", "")})
    except FieldErrors as error:
        said = {"error": " ".join(error.errors.values()), "typed": sent.get("value", "")}
        return render(request, "day/order.html", _order(request, after=deal.pk - 1) | said, status=422)
    return render(request, "day/order.html", _order(request, after=deal.pk))


@login_required
@require_safe
def answers(request: PersonRequest) -> HttpResponse:
    """The deals behind «taken within the limit»."""
    return _records(request, "day/answers.html", figures.answers_of)


@login_required
@require_safe
def won(request: PersonRequest) -> HttpResponse:
    """The deals behind the sum won."""
    return _records(request, "day/won.html", figures.won_of)


def _records(request: PersonRequest, template: str, deals_of: Deals) -> HttpResponse:
    """A page of the deals behind a figure."""
    period = _period(request)
    number = min(_number(request.GET.get("page", "")), 10_000) or 1
    shown = list(deals_of(request.user, period)[(number - 1) * SHOWN : number * SHOWN + 1])
    context = {
        "current": "day",
        "period": period,
        "figures": figures.figures_of(request.user, period),
        "deals": shown[:SHOWN],
        "next": number + 1 if len(shown) > SHOWN else None,
        "previous": number - 1 if number > 1 else None,
    }
    return render(request, template, context)


def _work(request: PersonRequest) -> dict:
    found = work_of(request.user)
    today = timezone.localtime(clock.now())
    return {"work": found, "sentence": sentence(found), "today": date_format(today, "l, j E").capitalize()}


def _figures(request: PersonRequest) -> dict:
    return {"figures": figures.figures_of(request.user, _period(request))}


def _period(request: PersonRequest) -> figures.Period:
    return figures.Period.of(request.GET.get("period", "month"), company_zone())


def _order(request: PersonRequest, *, after: int = 0) -> dict:
    known = disorder.Order(request.user)
    found = known.disorder()
    mend = known.next_to_mend(after=after) if found.bad else None
    return {
        "order": found,
        "mend": mend,
        "options": _options(mend[1].spec) if mend and mend[1].spec else [],
        "error": "",
        "typed": "",
    }


def _options(spec: FieldSpec) -> list[tuple[str, str]]:
    """What to choose from, where the field is a choice."""
    if spec.type in ("choice", "choices"):
        return [(key, title) for key, title in spec.options]
    rows = {"location": Location, "brand": Brand}.get(spec.type)
    return [(str(row.pk), row.name) for row in rows.objects.order_by("name")] if rows else []  # type: ignore[attr-defined]


def _number(text: str) -> int:
    """An id or a page from an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
