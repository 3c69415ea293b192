"""Fields of a client and its people edited in place, and notes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.clients.actions import COMPANY_FIELDS, add_note, change_company, change_contact
from voronka.clients.models import Company
from voronka.kernel.errors import Conflict, FieldErrors
from voronka.kernel.once import once
from voronka.web.requests import PersonRequest

from . import card
from .access import client_of, contact_of, typed
from .answers import changed

CONTACT_KEYS = ("name", "position", "birthday")


@login_required
@require_http_methods(["PATCH"])
def company(request: PersonRequest, company_id: int) -> HttpResponse:
    """`{key}=new&seen=what was seen`: 200 the field again, 409 both values, 422 what is wrong."""
    client_of(request, company_id)
    key, values, seen = _change(request, COMPANY_FIELDS)
    if key == "kind" and values["kind"] not in Company.Kind.values:
        raise FieldErrors({"kind": _("Choose from the list.")})
    return _answer(
        request,
        lambda: change_company(company_id, by=request.user.actor, values=values, seen=seen),
        lambda: card.company_field(client_of(request, company_id), key),
    )


@login_required
@require_http_methods(["PATCH"])
def contact(request: PersonRequest, contact_id: int) -> HttpResponse:
    contact_of(request, contact_id)
    key, values, seen = _change(request, CONTACT_KEYS)
    return _answer(
        request,
        lambda: change_contact(contact_id, by=request.user.actor, values=values, seen=seen),
        lambda: card.contact_field(contact_of(request, contact_id), key),
    )


@login_required
@require_POST
def notes(request: PersonRequest, company_id: int) -> HttpResponse:
    row = client_of(request, company_id)
    text = request.POST.get("text", "").replace("\x00", "")
    if len(text) > 10_000:
        raise FieldErrors({"text": _("At most 10,000 characters.")})
    with once(request.user.pk, request.POST.get("once", "")) as is_first:
        if is_first:
            add_note(row.pk, by=request.user.actor, text=text)
    return changed(request, row, "story")


def _change(request: PersonRequest, keys: tuple[str, ...]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    form = {name: str(text) for name, text in typed(request).items()}
    key = next((key for key in keys if key in form), None)
    if key is None:
        raise Http404
    values = {key: _read(key, form[key])}
    return key, values, {key: _read(key, form["seen"])} if "seen" in form else {}


def _read(key: str, text: str) -> Any:
    text = text.replace("\x00", "").strip()
    if key == "birthday":
        return _birthday(text) if text else None
    if len(text) > (5000 if key == "comment" else 300):
        raise FieldErrors({key: _("This is too long.")})
    return text


def _birthday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise FieldErrors({"birthday": _("Write a date, for example 2014-11-28.")}) from error
    if not 1900 <= day.year <= 2100:
        raise FieldErrors({"birthday": _("Write a date, for example 2014-11-28.")})
    return day


def _answer(request: PersonRequest, act: Callable[[], object], field: Callable[[], dict]) -> HttpResponse:
    try:
        act()
    except Conflict:
        now = field()
        return JsonResponse({"theirs": now["value"], "theirs_text": now["text"], "version": now["value"]}, status=409)
    return render(request, "clients/field.html", {"f": field()})
