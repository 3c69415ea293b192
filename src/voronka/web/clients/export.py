"""The list of clients as a file: those that the page shows, page after page."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from voronka.clients.exports import export_clients
from voronka.clients.models import Address, Company, Identity, Requisites
from voronka.clients.tags import Known, known_tags, shown
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.staff.queries import everybody
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.sheets import csv_lines, xlsx_file

from . import lists

PAGE = 1000
#: What a sheet holds.
MOST = 1_000_000
#: Several phones, addresses … of one client stand in one cell so.
BETWEEN = ", "


@permission_needed("see_clients")
@require_safe
def export(request: PersonRequest) -> HttpResponseBase:
    """`as=csv` or `as=xlsx`. By right only, and recorded with what was asked for."""
    form = request.GET.get("as", "")
    if form not in ("csv", "xlsx"):
        raise Http404
    asked = lists.Asked.read(request)
    export_clients(
        by=request.user.actor, form=form, facts={"text": asked.text, "kind": asked.kind, "filter": asked.filter_text}
    )
    heads, rows = _heads(), _rows(request.user, asked)
    name = f"clients-{clock.today(request.user.zone).isoformat()}.{form}"
    if form == "xlsx":
        return FileResponse(xlsx_file(_("Clients"), heads, rows), as_attachment=True, filename=name)
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _heads() -> list[str]:
    """Such that the file can be brought in again."""
    who = [_("Number"), _("Client"), _("Kind"), _("People"), _("Phone"), _("E-mail"), _("INN"), _("Address")]
    ours = [_("Tags"), _("Responsible"), _("Comment on the client"), _("Open deals"), pgettext("column", "Won")]
    return [*who, *ours, _("Brought in"), _("Last contact"), _("Entered")]


def _rows(person: Person, asked: lists.Asked) -> Iterator[list[Any]]:
    """By pages, so that neither the base nor we hold them all. The answer is sent when the request is over, so the
    person's clock and language are put on again for each page.
    """
    tags, after, count = known_tags(), "", 0
    while count < MOST:
        with timezone.override(person.zone), translation.override(person.language):
            rows, _found = lists.search(person, asked)
            of_kind = rows.filter(kind=asked.kind) if asked.kind else rows
            companies, after = lists.page_of(of_kind, after=after, size=PAGE)
            page = _page(companies, person, tags)
        yield from page
        count += len(page)
        if not after:
            return


def _page(companies: list[Company], person: Person, tags: Known) -> list[list[Any]]:
    """Six queries whatever their number."""
    ids = [company.pk for company in companies]
    ways = _listed(Identity.objects.filter(contact__company__in=ids), "contact__company_id", "kind", "value")
    inns = _listed(Requisites.objects.filter(company__in=ids).exclude(inn=""), "company_id", "inn")
    homes = _listed(Address.objects.filter(company__in=ids), "company_id", "text")
    people = everybody()
    return [
        [
            company.pk,
            company.name,
            row.kind or _("family"),
            row.people,
            BETWEEN.join(value.lstrip("+") for kind, value in ways.get(company.pk, ()) if kind == Identity.Kind.PHONE),
            BETWEEN.join(value for kind, value in ways.get(company.pk, ()) if kind == Identity.Kind.EMAIL),
            BETWEEN.join(inn for (inn,) in inns.get(company.pk, ())),
            "; ".join(text for (text,) in homes.get(company.pk, ())),
            BETWEEN.join(tag.title for tag in shown(company.tags, tags)),
            people[company.responsible_id].name if company.responsible_id in people else "",
            company.comment,
            row.open_deals,
            row.won,
            row.won_sum or 0,
            _day(company.last_interaction_at),
            _day(company.created_at),
        ]
        for company, row in zip(companies, lists.rows_of(companies, person), strict=True)
    ]


def _listed(rows: Any, key: str, *values: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for owner, *rest in rows.order_by("pk").values_list(key, *values):
        found.setdefault(owner, []).append(tuple(rest))
    return found


def _day(at: Any) -> str:
    return at.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%d") if at else ""
