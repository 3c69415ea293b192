"""What a row of the file says, read by the mapping; what cannot be read is told in words, and the row is refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from voronka.clients import inn
from voronka.clients.models import Company, Identity
from voronka.clients.normal import handles
from voronka.clients.tags import LONGEST, titles_of
from voronka.deals.field_types import PARSERS
from voronka.deals.fields import FieldSpec, parse
from voronka.kernel import phone

from .targets import DECLARED, Target

_REQUISITES = ("inn", "kpp", "ogrn", "bank", "bik", "account")
_MESSENGERS = ("telegram", "whatsapp", "vk", "instagram")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SIGNS = re.compile(r"[₽$€]|руб\.?|р\.|rub", re.IGNORECASE)
_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d.%m.%y %H:%M")
_PROPRIETOR = re.compile(r"\b(ип|индивидуальный предприниматель)\b", re.IGNORECASE)
_FIRM = re.compile(r"\b(?:ооо|оао|зао|пао|нао|ао|ип|llc|ltd|gmbh)\b|^(?:общество|акционерное общество) ", re.IGNORECASE)
#: What systems call a row that is no person.
_COMPANY = ("company", "компания", "организация")
_MONEY = FieldSpec(key="amount", title="", type="money")
#: What systems write where a deal is not closed yet.
_OPEN = ("не закрыта", "not closed", "-")


@dataclass
class DealDraft:
    """`funnel`, `stage`, `responsible`, `reason`: the file's words. `fields` are kept values."""

    title: str = ""
    amount: Decimal | None = None
    funnel: str = ""
    stage: str = ""
    responsible: str = ""
    reason: str = ""
    created: datetime | None = None
    closed: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """A person and a date alone are no deal: files of clients have them, too."""
        return bool(self.title or self.stage or self.fields) or self.amount is not None


@dataclass
class Draft:
    """`identities` are (kind, normalised value, as written). `external`: kind of a row → its key elsewhere."""

    number: int
    cells: Sequence[str]
    name: str = ""
    position: str = ""
    birthday: date | None = None
    identities: list[tuple[str, str, str]] = field(default_factory=list)
    company: str = ""
    requisites: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    comment: str = ""
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    external: dict[str, str] = field(default_factory=dict)
    deal: DealDraft | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        inn_of_person = len(self.requisites.get("inn", "")) == 12
        if _PROPRIETOR.search(self.company) or (inn_of_person and not self.company):
            return Company.Kind.PROPRIETOR.value
        return Company.Kind.LEGAL.value if self.company or self.requisites else Company.Kind.FAMILY.value

    @property
    def title(self) -> str:
        return self.name or self.company or (self.identities[0][1] if self.identities else "")

    @property
    def phone(self) -> str:
        return next((value for kind, value, _raw in self.identities if kind == Identity.Kind.PHONE), "")

    @property
    def is_known_by_something(self) -> bool:
        return bool(self.identities or self.external or self.requisites.get("inn") or self.company)


class Reader:
    """Makes drafts of cells; `heads` name what becomes a note."""

    def __init__(self, heads: Sequence[str], mapping: Sequence[str], known: Mapping[str, Target], zone: tzinfo) -> None:
        self.zone = zone
        self.columns = [
            (place, heads[place], known[key])
            for place, key in enumerate(mapping)
            if key in known and place < len(heads)
        ]

    def draft(self, number: int, cells: Sequence[str]) -> Draft:
        made = Draft(number, cells)
        names: dict[str, str] = {}
        for place, head, target in self.columns:
            if place < len(cells) and (text := cells[place]):
                try:
                    self._put(made, names, head, target, text)
                except ValueError as error:
                    made.errors.append(f"{head}: {error}")
        made.name = made.name or " ".join(names[part] for part in _NAME if part in names)
        _tell_firms_from_people(made, names.get("kind", ""))
        _take_phones_out_of_the_name(made)
        if made.deal and not made.deal.is_told and "deal" not in made.external:
            made.deal = None
        if not made.errors:
            made.errors += _complaints(made)
        return made

    def _put(self, made: Draft, names: dict[str, str], head: str, target: Target, text: str) -> None:
        entity, _dot, key = target.key.partition(".")
        if target.key in _WRITE:
            _WRITE[target.key](made, text)
        elif target.key in _PARTS:
            names[key] = text
        elif target.key == "note":
            made.notes.append(text if len(self.columns) < 3 else f"{head}: {text}")
        elif key == "external":
            made.external[entity] = text
            made.deal = made.deal or (DealDraft() if entity == "deal" else None)
        elif target.key in ("contact.phone", "contact.email"):
            _way(made, key, head, text)
        elif key in _MESSENGERS:
            _messenger(made, key, text)
        elif key in _REQUISITES:
            made.requisites[key] = text
        else:
            made.deal = made.deal or DealDraft()
            self._put_deal(made.deal, key, target, text)

    def _put_deal(self, deal: DealDraft, key: str, target: Target, text: str) -> None:
        if target.key.startswith(DECLARED):
            assert target.spec is not None
            value = parse(target.spec, _as_date(text) if target.spec.type == "date" else text)
            deal.fields[target.spec.key] = value
        elif key == "amount":
            deal.amount = money(text)
        elif key == "created":
            deal.created = moment(text, self.zone)
        elif key == "closed":
            deal.closed = None if text.lower() in _OPEN else moment(text, self.zone)
        elif key == "tags":
            deal.tags += _tags(text)
        else:
            setattr(deal, key, text[:500])


_NAME = ("surname", "given", "patronymic")
_PARTS = frozenset({"contact.kind", *(f"contact.{part}" for part in _NAME)})


def money(text: str) -> Decimal:
    """«12 500,50 ₽», «12,500», «12500.5». Raises ValueError."""
    plain = "".join(_SIGNS.sub("", text).split())
    return Decimal(PARSERS["money"](plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain, _MONEY))


def moment(text: str, zone: tzinfo) -> datetime:
    """A day or a moment as systems and people write it; one without a zone is of `zone`. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _by_formats(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _by_formats(text: str) -> datetime:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(_("there is no such date as “%(text)s”") % {"text": text})


def _as_date(text: str) -> str:
    return _by_formats(text).date().isoformat() if not text[:4].isdigit() else text[:10]


def _birthday(made: Draft, text: str) -> None:
    made.birthday = date.fromisoformat(_as_date(text))


def _way(made: Draft, kind: str, head: str, text: str) -> None:
    """A phone or an e-mail; several in one cell are several. One that is none is kept in words, see `_complaints`."""
    values = phone.find(text) if kind == "phone" else _emails(text)
    if not values:
        made.notes.append(f"{head}: {text}")
    known = {(one, value) for one, value, _raw in made.identities}
    made.identities += [(kind, value, text) for value in values if (kind, value) not in known]


def _emails(text: str) -> list[str]:
    found = []
    for part in re.split(r"[\s,;]+", text.lower()):
        try:
            validate_email(part)
            found.append(part)
        except ValidationError:
            continue
    return list(dict.fromkeys(found))


def _messenger(made: Draft, kind: str, text: str) -> None:
    if value := handles.bare(text):
        made.identities.append((kind, value, text))


def _tags(text: str) -> list[str]:
    return [title[:LONGEST] for title in titles_of(text)]


_WRITE: dict[str, Callable[[Draft, str], Any]] = {
    "contact.name": lambda made, text: setattr(made, "name", text[:300]),
    "contact.position": lambda made, text: setattr(made, "position", text[:300]),
    "contact.birthday": _birthday,
    "company.name": lambda made, text: setattr(made, "company", text[:300]),
    "company.comment": lambda made, text: setattr(made, "comment", text),
    "company.address": lambda made, text: made.addresses.append(text),
    "company.tags": lambda made, text: made.tags.extend(_tags(text)),
}


def _tell_firms_from_people(made: Draft, kind: str) -> None:
    """A row of a company has its name and its number where people have theirs."""
    is_company = kind.lower() in _COMPANY
    if made.name and (is_company or (not made.company and _FIRM.search(made.name))):
        made.company, made.name = made.name, ""
    if is_company and "contact" in made.external:
        made.external["company"] = made.external.pop("contact")


def _take_phones_out_of_the_name(made: Draft) -> None:
    if sum(sign.isdigit() for sign in made.name) < 7:
        return
    known = {value for _kind, value, _raw in made.identities}
    found = phone.find(made.name)
    made.identities += [("phone", value, made.name) for value in found if value not in known]
    if found:
        made.name = phone.without_phones(made.name)


def _complaints(made: Draft) -> list[str]:
    """What keeps a row that was read from being brought in."""
    found = []
    number, kpp = made.requisites.get("inn", ""), made.requisites.get("kpp", "")
    if number and not inn.is_valid(number):
        found.append(_("INN %(inn)s: its last digits do not match the others") % {"inn": number})
    if kpp and not inn.is_kpp(kpp):
        found.append(_("KPP has 9 characters, as 770101001."))
    if not made.is_known_by_something:
        if made.notes and not made.name:
            found.append(_("no name, and no phone or e-mail: %(text)s") % {"text": made.notes[0]})
        elif made.notes:
            found.append(_("no phone or e-mail that could be read: %(text)s") % {"text": made.notes[0]})
        else:
            found.append(_("no phone, e-mail, INN or other number to know it by"))
    return found
