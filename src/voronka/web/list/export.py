"""The filtered list as a file: what the person sees in it, in the chosen columns, page after page."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.clients.tags import Known, known_tags, shown
from voronka.deals.actions.export_deals import export_deals
from voronka.deals.fields import fits
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.web.board.tiles import client_name
from voronka.web.requests import PersonRequest
from voronka.web.sheets import csv_lines, xlsx_file

from .columns import NAMES, Column, chosen
from .orders import page_of
from .rows import expect, shown_value
from .state import ListState
from .titles import Titles

PAGE = 1000
#: What a sheet holds.
MOST = 1_000_000


@login_required
@require_safe
def export(request: PersonRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """`as=csv` or `as=xlsx`. By right only, and recorded with its filter."""
    form = request.GET.get("as", "")
    if form not in ("csv", "xlsx"):
        raise Http404
    state = ListState.read(request)
    columns = chosen(request.user, state.specs)
    export_deals(by=request.user.actor, form=form, facts=state.facts)
    rows = _rows(state, columns)
    name = f"deals-{clock.today(request.user.zone).isoformat()}.{form}"
    heads = [column.title for column in columns]
    if form == "csv":
        response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return FileResponse(xlsx_file(_("Deals"), heads, rows), as_attachment=True, filename=name)


def _rows(state: ListState, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """By pages, so that neither the base nor we hold them all; what comes meanwhile does not shift them.

    The answer is sent when the request is over, so the person's clock and language are put on again for each page.
    """
    tags = known_tags()
    titles, after, count = Titles(state.person.actor), "", 0
    while count < MOST:
        with timezone.override(state.person.zone), translation.override(state.person.language):
            found, after = page_of(state.deals(), state.order, after=after, size=PAGE)
            expect(found, columns, titles)
            page = [[_value(deal, column, tags, titles) for column in columns] for deal in found]
        yield from page
        count += len(page)
        if not after:
            return


def _value(deal: Deal, column: Column, tags: Known, titles: Titles) -> Any:
    if column.spec:
        value = deal.fields.get(column.key)
        as_number = column.spec.type == "number" and fits(column.spec, value)
        return value if as_number else shown_value(column.spec, value, titles)
    if column.key in NAMES:
        return NAMES[column.key](deal)
    return _VALUES[column.key](deal, tags)


def _moment(at: datetime | None) -> str:
    return at.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%d %H:%M") if at else ""


_VALUES: dict[str, Any] = {
    "number": lambda deal, tags: deal.pk,
    "client": lambda deal, tags: client_name(deal),
    "title": lambda deal, tags: deal.title,
    "tags": lambda deal, tags: ", ".join(tag.title for tag in shown(deal.tags, tags)),
    "stage": lambda deal, tags: deal.stage.title,
    "amount": lambda deal, tags: deal.amount,
    "responsible": lambda deal, tags: deal.responsible.name if deal.responsible else "",
    "step": lambda deal, tags: _moment(deal.next_step_at),
    "age": lambda deal, tags: _moment(deal.stage_entered_at),
    "created": lambda deal, tags: _moment(deal.created_at),
    "taken": lambda deal, tags: _moment(deal.taken_at),
    "interaction": lambda deal, tags: _moment(deal.company.last_interaction_at),
    "closed": lambda deal, tags: _moment(deal.closed_at),
}
