"""Writes about clients. Reading rights of a client follow its deals; see `deals.actions`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import access, clock, phone
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Conflict, FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.rows import insert

from . import inn
from .models import Address, Company, Contact, Identity, Note, Requisites
from .normal import handles

COMPANY_FIELDS = ("kind", "name", "comment")
CONTACT_FIELDS = ("name", "position", "birthday", "is_child")
REQUISITES_FIELDS = ("name", "inn", "kpp", "ogrn", "bank", "bik", "account", "correspondent_account")


def normalise(kind: str, raw: str) -> str:
    """Normalised value of an identity; raises FieldErrors under the kind's key."""
    text = raw.strip()
    if kind == Identity.Kind.PHONE:
        if number := phone.normalise(text):
            return number
        raise FieldErrors({kind: _("This does not look like a phone number.")})
    if kind == Identity.Kind.EMAIL:
        value = text.lower()
        name, _at, domain = value.rpartition("@")
        if name and "." in domain and " " not in value:
            return value
        raise FieldErrors({kind: _("This does not look like an e-mail.")})
    if value := handles.bare(text):
        return value
    raise FieldErrors({kind: _("Write the name used there.")})


def register_client(
    *,
    by: Actor,
    name: str,
    identities: Iterable[tuple[str, str]] = (),
    kind: str = Company.Kind.FAMILY,
    company_name: str = "",
    home: Sequence[str] = (),
) -> Contact:
    """A new client with its first contact. `identities` are (kind, normalised value); `home` see Company."""
    name = name.strip() or _("No name")
    now = clock.now()
    # Nothing in here refuses, so an act around it needs no savepoint of ours: this is the hot path of the intake.
    with transaction.atomic(savepoint=False):
        company = Company(
            kind=kind,
            name=company_name.strip() or name,
            home=sorted(set(home)),
            audience=sorted(set(home)),
            created_at=now,
            last_interaction_at=now,
        )
        insert(company)
        contact = insert(Contact(company=company, name=name, created_at=now))
        for identity_kind, value in dict.fromkeys(identities):
            insert(Identity(contact=contact, kind=identity_kind, value=value, raw=value))
        _record("client.registered", company, by, {"name": company.name, "contact": contact.pk})
    return contact


def add_contact(
    company: Company,
    *,
    by: Actor,
    name: str,
    birthday: date | None = None,
    is_child: bool = False,
    position: str = "",
) -> Contact:
    if not name.strip():
        raise FieldErrors({"name": _("Write the name.")})
    with transaction.atomic():
        company = _allowed(company.pk, by)
        contact = Contact.objects.create(
            company=company,
            name=name.strip(),
            birthday=birthday,
            is_child=is_child,
            position=position,
            created_at=clock.now(),
        )
        _record("contact.added", company, by, {"contact": contact.pk, "name": contact.name})
    return contact


def change_company(
    company_id: int, *, by: Actor, values: Mapping[str, object], seen: Mapping[str, object] | None = None
) -> Company:
    """Change fields of COMPANY_FIELDS; the rest is refused. `seen`: values before typing; Conflict if they differ."""
    with transaction.atomic():
        company = _allowed(company_id, by)
        _refuse_conflicts(company, values, seen or {})
        if "name" in values and not str(values["name"]).strip():
            raise FieldErrors({"name": _("Write the name.")})
        changes = _apply(company, values, COMPANY_FIELDS)
        if changes:
            company.save(update_fields=list(changes))
            _record("client.changed", company, by, {"changes": changes})
    return company


def change_contact(
    contact_id: int, *, by: Actor, values: Mapping[str, object], seen: Mapping[str, object] | None = None
) -> Contact:
    """Change fields of CONTACT_FIELDS. A lone person's family follows the name. `seen` as in change_company."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
        company = _allowed(contact.company_id, by)
        _refuse_conflicts(contact, values, seen or {})
        if "name" in values and not str(values["name"]).strip():
            raise FieldErrors({"name": _("Write the name.")})
        old_name = contact.name
        changes = _apply(contact, values, CONTACT_FIELDS)
        if changes:
            contact.save(update_fields=list(changes))
            if "name" in changes and company.kind == Company.Kind.FAMILY and company.name == old_name:
                company.name = contact.name
                company.save(update_fields=["name"])
            _record("contact.changed", company, by, {"contact": contact.pk, "changes": changes})
    return contact


def add_identity(contact_id: int, *, by: Actor, kind: str, raw: str) -> Identity:
    """A further phone, e-mail or messenger name; the same one twice is one. Of several phones in one text each is
    added, and the first returned."""
    if kind not in Identity.Kind.values:
        raise FieldErrors({"kind": _("Choose what it is.")})
    values = [normalise(kind, raw)]
    if kind == Identity.Kind.PHONE:
        values = phone.find(raw)
    with transaction.atomic():
        contact = Contact.objects.get(pk=contact_id)
        company = _allowed(contact.company_id, by)
        added = [_add_identity(contact, company, by, kind, value, raw) for value in values]
    return added[0]


def _add_identity(contact: Contact, company: Company, by: Actor, kind: str, value: str, raw: str) -> Identity:
    identity, made = Identity.objects.get_or_create(contact=contact, kind=kind, value=value, defaults={"raw": raw})
    if made:
        _record("identity.added", company, by, {"contact": contact.pk, "kind": kind, "value": value})
    return identity


def remove_identity(identity_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        identity = Identity.objects.select_related("contact").get(pk=identity_id)
        company = _allowed(identity.contact.company_id, by)
        data = {"contact": identity.contact_id, "kind": identity.kind, "value": identity.value}
        identity.delete()
        _record("identity.removed", company, by, data)


def add_address(company_id: int, *, by: Actor, text: str, label: str = "") -> Address:
    if not text.strip():
        raise FieldErrors({"text": _("Write the address.")})
    with transaction.atomic():
        company = _allowed(company_id, by)
        address = Address.objects.create(company=company, text=text.strip(), label=label.strip())
        _record("address.added", company, by, {"address": address.pk, "text": address.text})
    return address


def remove_address(address_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        address = Address.objects.get(pk=address_id)
        company = _allowed(address.company_id, by)
        data = {"address": address.pk, "text": address.text}
        address.delete()
        _record("address.removed", company, by, data)


def add_requisites(company_id: int, *, by: Actor, values: Mapping[str, str]) -> Requisites:
    """Legal details; `name` and a valid `inn` are needed."""
    cleaned = _cleaned_requisites(values)
    with transaction.atomic():
        company = _allowed(company_id, by)
        requisites = Requisites.objects.create(company=company, **cleaned)
        _record("requisites.added", company, by, {"requisites": requisites.pk, "inn": requisites.inn})
    return requisites


def change_requisites(requisites_id: int, *, by: Actor, values: Mapping[str, str]) -> Requisites:
    """Change some of REQUISITES_FIELDS; what comes out must be as good as new ones."""
    with transaction.atomic():
        requisites = Requisites.objects.select_for_update().get(pk=requisites_id)
        company = _allowed(requisites.company_id, by)
        before = {key: getattr(requisites, key) for key in REQUISITES_FIELDS}
        after = _cleaned_requisites({**before, **values})
        changes = {key: [before[key], value] for key, value in after.items() if value != before[key]}
        if changes:
            for key in changes:
                setattr(requisites, key, after[key])
            requisites.save(update_fields=list(changes))
            data = {"requisites": requisites.pk, "inn": requisites.inn, "changes": changes}
            _record("requisites.changed", company, by, data)
    return requisites


def _cleaned_requisites(values: Mapping[str, str]) -> dict[str, str]:
    cleaned = {key: str(values.get(key, "")).strip() for key in REQUISITES_FIELDS}
    errors = {}
    if not cleaned["name"]:
        errors["name"] = _("Write the name.")
    if len(cleaned["inn"]) not in (10, 12) or not cleaned["inn"].isdigit():
        errors["inn"] = _("INN has 10 or 12 digits.")
    elif not inn.is_valid(cleaned["inn"]):
        errors["inn"] = _("There is a mistake in this INN: its last digits do not match the others.")
    if cleaned["kpp"] and not inn.is_kpp(cleaned["kpp"]):
        errors["kpp"] = _("KPP has 9 characters, as 770101001.")
    if errors:
        raise FieldErrors(errors)
    return cleaned


def remove_requisites(requisites_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        requisites = Requisites.objects.get(pk=requisites_id)
        company = _allowed(requisites.company_id, by)
        data = {"requisites": requisites.pk, "inn": requisites.inn}
        requisites.delete()
        _record("requisites.removed", company, by, data)


def add_note(company_id: int, *, by: Actor, text: str) -> Note:
    """A note about the client. For a note in a deal see `deals.actions.add_note`."""
    if not text.strip():
        raise FieldErrors({"text": _("Write something first.")})
    with transaction.atomic():
        company = _allowed(company_id, by)
        note = Note.objects.create(company=company, author_id=by.person_id, text=text.strip(), created_at=clock.now())
        _record("note.added", company, by, {"note": note.pk, "text": note.text})
    return note


def _allowed(company_id: int, by: Actor) -> Company:
    company = Company.objects.select_for_update().get(pk=company_id)
    if by.reach is not None and not access.sees(by.reach, company.audience):
        raise Refusal(_("This client is not yours."))
    return company


def _apply(row: Company | Contact, values: Mapping[str, object], allowed: Sequence[str]) -> dict[str, list]:
    unknown = set(values) - set(allowed)
    if unknown:
        raise FieldErrors({key: _("This can't be changed here.") for key in unknown})
    changes = {}
    for key, value in values.items():
        new = value.strip() if isinstance(value, str) else value
        old = getattr(row, key)
        if new != old:
            setattr(row, key, new)
            changes[key] = [_plain(old), _plain(new)]
    return changes


def _refuse_conflicts(row: Company | Contact, values: Mapping[str, object], seen: Mapping[str, object]) -> None:
    changed = {}
    for key, before in seen.items():
        now = getattr(row, key)
        if now != before and now != values.get(key):
            changed[key] = (_plain(now), _plain(values.get(key)))
    if changed:
        raise Conflict(changed)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _record(kind: str, company: Company, by: Actor, data: dict | None = None) -> None:
    record(kind, Refs(company=company.pk, audience=company.audience), by=by, data=data)
