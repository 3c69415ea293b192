"""What a client allows and refuses, noted in the card; and their data handed out as one archive."""

import io
import json
import zipfile
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.clients.consents import deny, end_denial, give_consent, withdraw_consent
from voronka.clients.models import Consent, Contact
from voronka.deals.personal import files_of, hand_out
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

from .access import client_of
from .answers import changed, dialog


@login_required
@require_http_methods(["GET", "POST"])
def consents(request: PersonRequest, company_id: int) -> HttpResponse:
    company = client_of(request, company_id)
    people = [(str(pk), name) for pk, name in company.contacts.order_by("is_child", "pk").values_list("pk", "name")]
    facts = {"company": company, "people": people, "purposes": list(purposes().items())}
    return dialog(
        request,
        "clients/new_consent.html",
        facts,
        lambda: _give(request, dict(people)),
        lambda: changed(request, company, "details"),
    )


@login_required
@require_POST
def withdrawal(request: PersonRequest, consent_id: int) -> HttpResponse:
    consent = Consent.objects.select_related("contact").filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    company = client_of(request, consent.contact.company_id)
    withdraw_consent(consent.pk, by=request.user.actor)
    return changed(request, company, "details")


@login_required
@require_http_methods(["GET", "POST"])
def denial(request: PersonRequest, company_id: int) -> HttpResponse:
    """The client wants nothing more of us."""
    company = client_of(request, company_id)
    return dialog(
        request,
        "clients/denial.html",
        {"company": company},
        lambda: deny(
            company.pk,
            by=request.user.actor,
            reason=request.POST.get("reason", "")[:200],
            comment=request.POST.get("comment", "")[:2000],
        ),
        lambda: changed(request, company, "details"),
    )


@login_required
@require_POST
def denial_end(request: PersonRequest, company_id: int) -> HttpResponse:
    company = client_of(request, company_id)
    end_denial(company.pk, by=request.user.actor)
    return changed(request, company, "details")


@login_required
@require_POST
def personal_data(request: PersonRequest, company_id: int) -> HttpResponse:
    """One archive: what the base has, as JSON, and the files. For those who may take lists out."""
    company = client_of(request, company_id)
    if not request.user.may("export_deals"):
        raise Http404
    rows = hand_out(company.pk, by=request.user.actor)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(rows, ensure_ascii=False, indent=1))
        for one in files_of(rows):
            with one.file.open() as kept:
                archive.writestr(f"files/{one.pk}-{one.name}", kept.read())
    answer = HttpResponse(out.getvalue(), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="client-{company.pk}.zip"'
    return answer


def purposes() -> dict[str, str]:
    return {
        Consent.Purpose.DATA.value: _("Keeping and using personal data"),
        Consent.Purpose.ADVERTISING.value: _("Advertising messages"),
    }


def _give(request: PersonRequest, people: dict[str, str]) -> None:
    form = request.POST
    contact = form.get("contact", "")
    if contact not in people:
        raise FieldErrors({"contact": _("Choose from the list.")})
    give_consent(
        Contact.objects.get(pk=int(contact)).pk,
        by=request.user.actor,
        purpose=form.get("purpose", ""),
        basis=form.get("basis", "")[:500],
        source=form.get("source", "")[:500],
        given_at=_moment(form.get("given_on", "")),
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.get_current_timezone())
    except ValueError as wrong:
        raise FieldErrors({"given_on": _("Write a date.")}) from wrong
