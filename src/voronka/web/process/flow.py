"""The deals behind an arrow of the map, or behind a line of a stage's flows."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.deals.models import Stage
from voronka.web.requests import PersonRequest

from . import deallist, figures
from .access import seeing_needed
from .map import is_move
from .shown import shown_to
from .transitions import transitions


@seeing_needed
@require_safe
def flow(request: PersonRequest) -> HttpResponse:
    """`here`, `there`: ids of two stages; or `from`, `to`, `kind` of a transition between funnels."""
    days = figures.period(request.GET.get("days", ""))
    if request.GET.get("here"):
        here, there = (_stage(request.GET.get(name, "")) for name in ("here", "there"))
        title = _("From «{here}» to «{there}»").format(here=here.title, there=there.title)
        return deallist.answer(
            request, figures.moved_deals(request.user, [(here.pk, there.pk)], days), title=title, facts={"days": days}
        )
    shown = shown_to(request.user)
    key = tuple(request.GET.get(name, "") for name in ("from", "to", "kind"))
    link = next((one for one in transitions(shown.process) if one.key == key), None)
    if link is None:
        raise Http404
    titles = {funnel.key: funnel.title for funnel in shown.process.funnels}
    pairs = [pair for pair in figures.flows(request.user, days).moves if is_move(*pair, link, shown.rows_by_id)]
    found = figures.moved_deals(request.user, pairs, days) | figures.opened_deals(
        request.user, link.rules, link.target, days
    )
    title = _("From «{here}» to «{there}»").format(here=titles[link.source], there=titles[link.target])
    return deallist.answer(request, found, title=title, lead=link.title, facts={"days": days})


def _stage(number: str) -> Stage:
    found = Stage.objects.filter(pk=number).first() if number.isascii() and number.isdecimal() else None
    if found is None:
        raise Http404
    return found
