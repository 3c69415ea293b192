"""Addresses and requisites of a client: added and removed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.clients.actions import (
    REQUISITES_FIELDS,
    add_address,
    add_requisites,
    remove_address,
    remove_requisites,
)
from voronka.web.requests import PersonRequest

from .access import address_of, client_of, requisites_of
from .answers import changed, dialog


@login_required
@require_http_methods(["GET", "POST"])
def addresses(request: PersonRequest, company_id: int) -> HttpResponse:
    company = client_of(request, company_id)
    return dialog(
        request,
        "clients/new_address.html",
        {"company": company},
        lambda: add_address(
            company.pk,
            by=request.user.actor,
            text=_clean(request.POST.get("text", "")),
            label=_clean(request.POST.get("label", "")),
        ),
        lambda: changed(request, company, "details"),
    )


@login_required
@require_http_methods(["DELETE", "POST"])
def address(request: PersonRequest, address_id: int) -> HttpResponse:
    found = address_of(request, address_id)
    remove_address(found.pk, by=request.user.actor)
    return changed(request, found.company, "details")


@login_required
@require_http_methods(["GET", "POST"])
def requisites(request: PersonRequest, company_id: int) -> HttpResponse:
    company = client_of(request, company_id)
    titles = {
        "name": _("Full name"),
        "inn": _("INN"),
        "kpp": _("KPP"),
        "ogrn": _("OGRN"),
        "bank": _("Bank"),
        "bik": _("BIK"),
        "account": _("Account"),
        "correspondent_account": _("Correspondent account"),
    }
    return dialog(
        request,
        "clients/new_requisites.html",
        {"company": company, "titles": titles},
        lambda: add_requisites(
            company.pk,
            by=request.user.actor,
            values={key: _clean(request.POST.get(key, "")) for key in REQUISITES_FIELDS},
        ),
        lambda: changed(request, company, "details"),
    )


@login_required
@require_http_methods(["DELETE", "POST"])
def one_requisites(request: PersonRequest, requisites_id: int) -> HttpResponse:
    found = requisites_of(request, requisites_id)
    remove_requisites(found.pk, by=request.user.actor)
    return changed(request, found.company, "details")


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:500]
