"""Sources: the list, a new one, changing, another address, on and off."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.intake import queries
from voronka.intake.actions import change_source, mend_mapping, register_source, renew_key, switch_source
from voronka.intake.models import Entry, Source
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors
from voronka.staff.queries import company_zone
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import dialog, done
from voronka.web.settings.sections import sections
from voronka.web.tasks.answers import told
from voronka.web.tasks.forms import errors as errors_of

from . import mapping
from .source_forms import NEW, SourceForm, channels, of_source, profiles

needed = permission_needed("manage_sources")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A source in the list."""

    source: Source
    address: str
    received: int
    failed: int
    last_at: datetime | None


@needed
@require_safe
def source_list(request: PersonRequest) -> HttpResponse:
    today = clock.today(company_zone())
    balance = queries.balance(request.user, first=today, last=today)
    last = Entry.objects.visible_to(request.user).values("source_id").annotate(at=Max("received_at")).order_by()
    last_at = {row["source_id"]: row["at"] for row in last}
    shown = [
        Shown(
            source=row.source,
            address=queries.address(row.source, base_url(request)),
            received=row.tally.received,
            failed=row.tally.failed,
            last_at=last_at.get(row.source.pk),
        )
        for row in balance.rows
        if row.source.profile != "manual"
    ]
    return render(request, "ledger/sources.html", _frame(request) | {"rows": shown, "profiles": dict(profiles())})


@needed
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    if request.method == "GET":
        return _dialog(request, SourceForm(initial=NEW), {})
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _dialog(request, form, errors_of(form), status=422)
    try:
        made = register_source(by=request.user.actor, **form.values())
    except FieldErrors as error:
        return _dialog(request, form, error.errors, status=422)
    return done(request, reverse("source", args=[made.pk]), _("The source is made: give its address to the site"))


@needed
@require_safe
def one(request: PersonRequest, source_id: int) -> HttpResponse:
    """Address, snippet and mapping of one source."""
    source = get_source(request, source_id)
    return render(request, "ledger/source.html", _frame(request) | _one(request, source))


@needed
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, source_id: int) -> HttpResponse:
    source = get_source(request, source_id)
    if request.method == "GET":
        return _dialog(request, SourceForm(initial=of_source(source)), {}, source=source)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _dialog(request, form, errors_of(form), source=source, status=422)
    try:
        change_source(source.pk, by=request.user.actor, values=form.values())
    except FieldErrors as error:
        return _dialog(request, form, error.errors, source=source, status=422)
    return done(request, reverse("source", args=[source.pk]), _("Saved"))


@needed
@require_http_methods(["GET", "POST"])
def key(request: PersonRequest, source_id: int) -> HttpResponse:
    """GET warns, POST gives the source another address."""
    source = get_source(request, source_id)
    if request.method == "GET":
        return dialog(request, "ledger/source_key.html", {"source": source}, title=_("Another address"))
    renew_key(source.pk, by=request.user.actor)
    return done(request, reverse("source", args=[source.pk]), _("The old address no longer works"))


@needed
@require_POST
def activity(request: PersonRequest, source_id: int) -> HttpResponse:
    """Switch off or on again."""
    source = get_source(request, source_id)
    active = request.POST.get("active") == "1"
    switch_source(source.pk, by=request.user.actor, active=active)
    return done(
        request,
        reverse("source", args=[source.pk]),
        _("The source takes inquiries") if active else _("The source is off"),
    )


@needed
@require_POST
def reading(request: PersonRequest, source_id: int) -> HttpResponse:
    """What the last delivery would say under a mapping that is not saved yet."""
    source = get_source(request, source_id)
    return render(request, "ledger/reading.html", _reading(source, mapping.sent_mapping(request.POST)))


@needed
@require_POST
def save_mapping(request: PersonRequest, source_id: int) -> HttpResponse:
    source = get_source(request, source_id)
    wanted = mapping.sent_mapping(request.POST)
    try:
        mend_mapping(source.pk, by=request.user.actor, mapping=wanted)
    except FieldErrors as error:
        context = _reading(source, wanted) | {"source": source, "errors": error.errors}
        return render(request, "ledger/mapping.html", context, status=422)
    source = get_source(request, source_id)
    context = _reading(source, source.mapping) | {"source": source, "errors": {}}
    return told(render(request, "ledger/mapping.html", context), _("From now on the form is read so"))


def get_source(request: PersonRequest, source_id: int) -> Source:
    """Through the gate; those who walked in have no address and are not set up."""
    sources = Source.objects.visible_to(request.user).select_related("brand", "location").exclude(profile="manual")
    return get_object_or_404(sources, pk=source_id)


def base_url(request: PersonRequest) -> str:
    """Where the world reaches us: as set up, else as this page was reached."""
    return settings.BASE_URL or request.build_absolute_uri("/")


def _frame(request: PersonRequest) -> dict:
    return {"current": "settings", "here": "sources", "sections": sections(request.user)}


def _one(request: PersonRequest, source: Source) -> dict:
    today = clock.today(company_zone())
    return {
        "source": source,
        "profile": dict(profiles()).get(source.profile, source.profile),
        "address": queries.address(source, base_url(request)),
        "snippet": queries.snippet(source, base_url(request)),
        "form_page": queries.form_page(source, base_url(request)),
        "tally": queries.by_day(request.user, first=today, last=today, source=source)[today],
        "errors": {},
        **_reading(source, source.mapping),
    }


def _reading(source: Source, wanted: dict[str, str]) -> dict:
    targets = queries.mapping_targets()
    seen = queries.preview(source, wanted)
    rows = mapping.rows(source, seen, wanted)
    return {
        "source": source,
        "seen": seen,
        "rows": [(row, mapping.title_of(row.guess, targets) if row.guess else "") for row in rows],
        "targets": targets,
        "understood": mapping.understood(seen.inquiry, targets) if seen and seen.inquiry else [],
        "nobody": bool(seen and seen.inquiry and not seen.inquiry.identities),
    }


def _dialog(
    request: PersonRequest, form: SourceForm, errors: dict[str, str], *, source: Source | None = None, status: int = 200
) -> HttpResponse:
    facts = {
        "form": form,
        "errors": errors,
        "source": source,
        "profiles": profiles(),
        "channels": channels(source.channel if source else ""),
    }
    return dialog(request, "ledger/source_form.html", facts, title=_("Source"), status=status)
