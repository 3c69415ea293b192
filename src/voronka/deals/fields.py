"""Fields of a deal, built in and declared alike: what they are and how a typed text becomes a value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.kernel import phone
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Brand, Location

from .models import Deal, FieldDef

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TYPES = (
    "text", "number", "money", "date", "time", "datetime", "yes_no", "choice", "choices", "person", "location",
    "brand", "product", "link", "phone",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """`key` is unique among built-in and declared; `options` are [key, title] pairs for choices."""

    key: str
    title: "str | _StrPromise"
    type: str
    options: Sequence[Sequence[str]] = ()
    group: str = ""
    unit: str = ""
    declared: bool = True


BUILT_IN = (
    FieldSpec(key="title", title=gettext_lazy("Subject"), type="text", declared=False),
    FieldSpec(key="amount", title=gettext_lazy("Amount"), type="money", declared=False),
    FieldSpec(key="brand", title=gettext_lazy("Brand"), type="brand", declared=False),
    FieldSpec(key="location", title=gettext_lazy("Location"), type="location", declared=False),
)


def specs() -> dict[str, FieldSpec]:
    """All fields of a deal by key, in order of showing. One query."""
    return specs_of(declared())


def declared() -> list[FieldDef]:
    return list(FieldDef.objects.filter(entity="deal", is_active=True))


def specs_of(rows: Iterable[FieldDef]) -> dict[str, FieldSpec]:
    """The same from rows that are read already."""
    made = (
        FieldSpec(key=f.key, title=f.title, type=f.type, options=f.options, group=f.group, unit=f.unit) for f in rows
    )
    return {spec.key: spec for spec in (*BUILT_IN, *made)}


def value_of(deal: Deal, spec: FieldSpec) -> Any:
    """Value as kept: JSON-able; None when empty. Rows (brand, location) by id."""
    if spec.declared:
        return deal.fields.get(spec.key)
    value = getattr(deal, f"{spec.key}_id" if spec.type in ("brand", "location") else spec.key)
    return str(value) if isinstance(value, Decimal) else value


def is_empty(value: Any) -> bool:
    return value in (None, "", [])


def parse_all(values: Mapping[str, Any], known: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """Typed texts → kept values. Raises FieldErrors with a sentence for each wrong field."""
    parsed, errors = {}, {}
    for key, raw in values.items():
        if key not in known:
            errors[key] = _("There is no such field.")
            continue
        try:
            parsed[key] = parse(known[key], raw)
        except ValueError as error:
            errors[key] = str(error)
    if errors:
        raise FieldErrors(errors)
    return parsed


def parse(spec: FieldSpec, raw: Any) -> Any:
    """One value; ValueError carries the sentence for people."""
    if isinstance(raw, str):
        raw = raw.strip()
    if is_empty(raw):
        return None
    return _PARSERS[spec.type](raw, spec)


def _text(raw: Any, spec: FieldSpec) -> str:
    if len(str(raw)) > 5000:
        raise ValueError(_("At most 5000 characters."))
    return str(raw)


def _number(raw: Any, spec: FieldSpec) -> int | float:
    number = _decimal(raw)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(raw: Any, spec: FieldSpec) -> str:
    amount = _decimal(str(raw).replace("₽", "")).quantize(Decimal("0.01"))
    if abs(amount) >= Decimal(10) ** 12:
        raise ValueError(_("This amount is too large."))
    return str(amount)


def _decimal(raw: Any) -> Decimal:
    text = "".join(str(raw).split()).replace("\u2212", "-").replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(_("Write a number.")) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError(_("Write a number."))
    return number


def _date(raw: Any, spec: FieldSpec) -> str:
    return (
        _first(str(raw), ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"), _("Write a date, for example 28.11.2026."))
        .date()
        .isoformat()
    )


def _time(raw: Any, spec: FieldSpec) -> str:
    return _first(str(raw), ("%H:%M", "%H:%M:%S", "%H.%M"), _("Write a time, for example 15:30.")).strftime("%H:%M")


def _datetime(raw: Any, spec: FieldSpec) -> str:
    formats = ("%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M")
    return _first(str(raw), formats, _("Write a date and time, for example 28.11.2026 15:30.")).isoformat(
        timespec="minutes"
    )


def _first(text: str, formats: Sequence[str], complaint: str) -> datetime:
    for form in formats:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(complaint)


def _yes_no(raw: Any, spec: FieldSpec) -> bool:
    return raw is True or str(raw).lower() in ("yes", "true", "1", "on", "да")


def _choice(raw: Any, spec: FieldSpec) -> str:
    for key, title in spec.options:
        if str(raw) == key or str(raw).casefold() == title.casefold():
            return key
    raise ValueError(_("Choose from the list."))


def _choices(raw: Any, spec: FieldSpec) -> list[str]:
    return [_choice(item, spec) for item in (raw if isinstance(raw, list) else [raw])]


def _row_id(raw: Any, spec: FieldSpec) -> int:
    if not str(raw).isdigit() or len(str(raw)) > 18:
        raise ValueError(_("Choose from the list."))
    return int(raw)


def _location(raw: Any, spec: FieldSpec) -> int:
    return _existing(Location, raw, spec)


def _brand(raw: Any, spec: FieldSpec) -> int:
    return _existing(Brand, raw, spec)


def _existing(model: type[Location] | type[Brand], raw: Any, spec: FieldSpec) -> int:
    pk = _row_id(raw, spec)
    if not model.objects.filter(pk=pk).exists():
        raise ValueError(_("Choose from the list."))
    return pk


def _link(raw: Any, spec: FieldSpec) -> str:
    if not str(raw).startswith(("https://", "http://")):
        raise ValueError(_("A link starts with https://"))
    return _text(raw, spec)


def _phone(raw: Any, spec: FieldSpec) -> str:
    if number := phone.normalise(str(raw)):
        return number
    raise ValueError(_("This does not look like a phone number."))


_PARSERS: dict[str, Callable[[Any, FieldSpec], Any]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "person": _row_id,
    "location": _location,
    "brand": _brand,
    "product": _row_id,
    "link": _link,
    "phone": _phone,
}
