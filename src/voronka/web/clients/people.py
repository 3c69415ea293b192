"""People of a client and the ways to reach them: added and removed."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.clients.actions import add_contact, add_identity, normalise, remove_identity
from voronka.clients.filters import IDENTITY_TITLES
from voronka.clients.models import Company, Identity
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

from .access import client_of, contact_of, identity_of
from .answers import changed, dialog


@login_required
@require_http_methods(["GET", "POST"])
def contacts(request: PersonRequest, company_id: int) -> HttpResponse:
    """A further person, perhaps a child, perhaps with a phone."""
    company = client_of(request, company_id)
    return dialog(
        request,
        "clients/new_contact.html",
        {"company": company},
        lambda: _add_contact(request, company),
        lambda: changed(request, company, "people"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def identities(request: PersonRequest, contact_id: int) -> HttpResponse:
    """A further phone, e-mail or messenger."""
    contact = contact_of(request, contact_id)
    kinds = [(kind.value, str(IDENTITY_TITLES[kind])) for kind in Identity.Kind]
    return dialog(
        request,
        "clients/new_identity.html",
        {"contact": contact, "company": contact.company, "kinds": kinds},
        lambda: _add_identity(request, contact.pk),
        lambda: changed(request, contact.company, "people"),
    )


@login_required
@require_http_methods(["DELETE", "POST"])
def identity(request: PersonRequest, identity_id: int) -> HttpResponse:
    found = identity_of(request, identity_id)
    remove_identity(found.pk, by=request.user.actor)
    return changed(request, found.contact.company, "people")


def _add_contact(request: PersonRequest, company: Company) -> None:
    post = request.POST
    phone = post.get("phone", "").strip()
    errors: dict[str, str] = {}
    if not post.get("name", "").strip():
        errors["name"] = _("Write the name.")
    born: date | None = None
    if post.get("birthday"):
        try:
            born = date.fromisoformat(post["birthday"])
        except ValueError:
            errors["birthday"] = _("Write a date, for example 2014-11-28.")
    if phone:
        try:
            normalise("phone", phone)
        except FieldErrors as error:
            errors |= error.errors
    if errors:
        raise FieldErrors(errors)
    by = request.user.actor
    added = add_contact(
        company,
        by=by,
        name=_clean(post["name"]),
        position=_clean(post.get("position", "")),
        birthday=born,
        is_child="is_child" in post,
    )
    if phone:
        add_identity(added.pk, by=by, kind="phone", raw=phone)


def _add_identity(request: PersonRequest, contact_id: int) -> None:
    kind, raw = request.POST.get("kind", ""), _clean(request.POST.get("value", ""))
    try:
        add_identity(contact_id, by=request.user.actor, kind=kind, raw=raw)
    except FieldErrors as error:
        raise FieldErrors({"value" if key == kind else key: text for key, text in error.errors.items()}) from error


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:300]
