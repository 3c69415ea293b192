"""The balance of inquiries and the entries behind each of its figures."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.intake.models import Attempt, Entry
from voronka.intake.queries import (
    balance,
    diagnosis,
    entries,
    entry_inquiry,
    entry_pairs,
    mapping_targets,
    raw_body,
)
from voronka.intake.queries import entry as find_entry
from voronka.kernel import clock
from voronka.staff.queries import company_zone
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed as needs

from . import words
from .place import Place
from .queries import adds_up, lines, silent_sources, strip, visible_deal

REJECTED_SHOWN = 5


@needs("see_ledger")
@require_safe
def ledger(request: PersonRequest) -> HttpResponse:
    """The balance of a day; with `account` also the entries behind a figure."""
    place = here(request)
    if request.GET.get("part") == "book":
        return render(request, "ledger/book.html", book(request, place))
    if request.GET.get("part") == "more":
        return render(request, "ledger/list_page.html", _list(request, place))
    context = book(request, place) | (_list(request, place) if place.listed else {})
    return _page(request, context | {"side": "list" if place.listed else ""})


@needs("see_ledger")
@require_safe
def entry(request: PersonRequest, entry_id: int) -> HttpResponse:
    """One entry beside the balance of its day."""
    found = get_entry(request, entry_id)
    place = here(request, entry=found)
    if request.GET.get("part") == "side":
        return render(request, "ledger/entry.html", entry_context(request, found, place))
    return _page(request, book(request, place) | entry_context(request, found, place) | {"side": "entry"})


def here(request: PersonRequest, *, entry: Entry | None = None) -> Place:
    """The place of the address; an entry without a day in its address stands on its own day."""
    zone = company_zone()
    query = request.GET.copy()
    if entry and "day" not in query:
        query["day"] = entry.received_at.astimezone(zone).date().isoformat()
    return Place.of(query, clock.today(zone))


def get_entry(request: PersonRequest, entry_id: int) -> Entry:
    try:
        return find_entry(request.user, entry_id)
    except Entry.DoesNotExist as error:
        raise Http404 from error


def book(request: PersonRequest, place: Place) -> dict:
    """The left side: strip of days, sentence, table."""
    found = balance(request.user, first=place.day, last=place.day)
    rejected = entries(request.user, account="rejected", first=place.day, last=place.day, limit=REJECTED_SHOWN)
    return {
        "current": "ledger",
        "place": place,
        "days": strip(request.user, place),
        "balance": found,
        "adds_up": adds_up(found),
        "sentence": [
            (account, found.total.by(account), words.became(account, found.total.by(account)))
            for account in words.COLUMNS
            if found.total.by(account)
        ],
        "columns": [(account, words.column(account)) for account in words.COLUMNS],
        "rejected": lines(rejected.entries, viewer=request.user, place=place),
        "silent": silent_sources(request.user, found) if place.day == place.today else [],
        "last_at": max((row.last_at for row in found.rows if row.last_at), default=None),
        "may_manage": request.user.may("manage_sources"),
    }


def entry_context(request: PersonRequest, found: Entry, place: Place, **more: object) -> dict:
    """The right side: everything about one entry."""
    remedy = diagnosis(found)
    pairs = entry_pairs(found)
    mend = _mend(request, found, pairs)
    return {
        "place": place,
        "entry": found,
        "state": words.state(found.account),
        "tone": words.TONES.get(found.account, ""),
        "pairs": pairs,
        "inquiry": entry_inquiry(found),
        "raw": raw_body(found),
        "diagnosis": remedy,
        "mend": mend,
        "targets": mapping_targets() if mend else [],
        "deal_id": visible_deal(found, request.user),
        "original": found.duplicate_of,
        "history": words.history(found, list(Attempt.objects.filter(entry=found).order_by("pk"))),
        "errors": {},
        **more,
    }


def _mend(request: PersonRequest, found: Entry, pairs: list[tuple[str, str]]) -> list[str]:
    """Names that may be mapped, where mending makes sense and is allowed."""
    mendable = found.account in (Entry.Account.FAILED, Entry.Account.REJECTED)
    if not (mendable and found.source.profile != "manual" and request.user.may("repair_ledger")):
        return []
    return list(dict.fromkeys(name for name, _value in pairs if name))


def _list(request: PersonRequest, place: Place) -> dict:
    page = entries(
        request.user,
        account=place.account,
        source_id=place.source or None,
        first=place.day,
        last=place.day,
        after=place.after,
    )
    return {
        "place": place,
        "lines": lines(page.entries, viewer=request.user, place=place),
        "next": page.next,
        "list_title": words.column(place.account) if place.account else _("Everything that came"),
        "state_of": words.state,
        "tones": words.TONES,
    }


def _page(request: PersonRequest, context: dict) -> HttpResponse:
    """The whole page, or only its work when a link of it was followed."""
    inside = request.htmx and request.htmx.target == "ledger"
    return render(request, "ledger/work.html" if inside else "ledger/ledger.html", context)
