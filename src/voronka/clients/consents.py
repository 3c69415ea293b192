"""Consents given and withdrawn; clients who want nothing more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from .models import Company, Consent, Contact, Denial


def give_consent(
    contact_id: int, *, by: Actor, purpose: str, basis: str, source: str = "", given_at: datetime | None = None
) -> Consent:
    """Raises FieldErrors, Refusal."""
    errors = {}
    if purpose not in Consent.Purpose.values:
        errors["purpose"] = _("Choose from the list.")
    if not basis.strip():
        errors["basis"] = _("Write how it was given: a tick in a form, a signed paper, words in a call.")
    if given_at and given_at > clock.now():
        errors["given_at"] = _("This day is yet to come.")
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        company = _allowed(Contact.objects.get(pk=contact_id).company_id, by)
        consent = Consent.objects.create(
            contact_id=contact_id,
            purpose=purpose,
            basis=basis.strip(),
            source=source.strip(),
            given_at=given_at or clock.now(),
            noted_by_id=by.person_id,
        )
        _tell("consent.given", company, by, consent)
    return consent


def withdraw_consent(consent_id: int, *, by: Actor) -> Consent:
    """It stays as evidence that there was one."""
    with transaction.atomic():
        consent = Consent.objects.select_for_update(of=("self",)).select_related("contact").get(pk=consent_id)
        company = _allowed(consent.contact.company_id, by)
        if consent.withdrawn_at is None:
            consent.withdrawn_at, consent.withdrawn_by_id = clock.now(), by.person_id
            consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
            _tell("consent.withdrawn", company, by, consent)
    return consent


def deny(company_id: int, *, by: Actor, reason: str, comment: str = "") -> Denial:
    """The client wants nothing more of us. Raises FieldErrors, Refusal."""
    if not reason.strip():
        raise FieldErrors({"reason": _("Write the reason.")})
    with transaction.atomic():
        company = _allowed(company_id, by)
        if company.denials.filter(ended_at=None).exists():
            raise FieldErrors({"reason": _("This is noted already.")})
        denial = Denial.objects.create(
            company=company, reason=reason.strip(), comment=comment.strip(), since=clock.now(), noted_by_id=by.person_id
        )
        data = {"reason": denial.reason, "comment": denial.comment}
        record("client.denied", Refs(company=company.pk, audience=company.audience), by=by, data=data)
    return denial


def end_denial(company_id: int, *, by: Actor) -> None:
    """They are a client like others again."""
    with transaction.atomic():
        company = _allowed(company_id, by)
        if company.denials.filter(ended_at=None).update(ended_at=clock.now(), ended_by=by.person_id):
            record("client.returned", Refs(company=company.pk, audience=company.audience), by=by)


def _allowed(company_id: int, by: Actor) -> Company:
    company = Company.objects.select_for_update().get(pk=company_id)
    if by.reach is not None and not access.sees(by.reach, company.audience):
        raise Refusal(_("This client is not yours."))
    return company


def _tell(kind: str, company: Company, by: Actor, consent: Consent) -> None:
    data = {
        "contact": consent.contact_id,
        "name": consent.contact.name,
        "purpose": consent.purpose,
        "basis": consent.basis,
        "source": consent.source,
    }
    record(kind, Refs(company=company.pk, audience=company.audience), by=by, data=data)
