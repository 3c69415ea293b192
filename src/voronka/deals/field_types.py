"""Types of fields: how a typed text becomes a kept value, and whether a kept value is of its type.

Parsers raise ValueError with a sentence for people.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from voronka.kernel import phone
from voronka.staff.models import Brand, Location

TYPES = (
    "text", "long_text", "number", "money", "date", "time", "datetime", "yes_no", "choice", "choices", "person",
    "location", "brand", "product", "client", "file", "link", "phone", "email",
)  # fmt: skip
CHOICES = ("choice", "choices")
#: Types whose value is the id of a row.
ROWS = ("person", "location", "brand", "product", "client")
#: So many files one field holds.
MOST_FILES = 50

_YES, _NO = ("yes", "true", "1", "on", "да"), ("no", "false", "0", "off", "нет")


class Spec(Protocol):
    @property
    def options(self) -> Sequence[Sequence[str]]: ...

    @property
    def retired(self) -> Sequence[Sequence[str]]: ...


def _text(raw: Any, spec: Spec) -> str:
    if len(str(raw)) > 5000:
        raise ValueError(_("At most 5000 characters."))
    return str(raw)


def _number(raw: Any, spec: Spec) -> int | float:
    number = _decimal(raw)
    return int(number) if number == number.to_integral_value() else float(number)


def _money(raw: Any, spec: Spec) -> str:
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


def _date(raw: Any, spec: Spec) -> str:
    return (
        _first(str(raw), ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"), _("Write a date, for example 28.11.2026."))
        .date()
        .isoformat()
    )


def _time(raw: Any, spec: Spec) -> str:
    return _first(str(raw), ("%H:%M", "%H:%M:%S", "%H.%M"), _("Write a time, for example 15:30.")).strftime("%H:%M")


def _datetime(raw: Any, spec: Spec) -> str:
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


def _yes_no(raw: Any, spec: Spec) -> bool:
    return raw is True or str(raw).lower() in _YES


def _choice(raw: Any, spec: Spec) -> str:
    """A key or a title; a choice that is offered no more can only be kept, so it goes by its key."""
    for key, title in spec.options:
        if str(raw) == key or str(raw).casefold() == title.casefold():
            return key
    if any(str(raw) == key for key, _title in spec.retired):
        return str(raw)
    raise ValueError(_("Choose from the list."))


def _choices(raw: Any, spec: Spec) -> list[str]:
    """A list, or a text with commas between."""
    items = raw if isinstance(raw, list) else [part.strip() for part in str(raw).split(",") if part.strip()]
    return list(dict.fromkeys(_choice(item, spec) for item in items))


def _row_id(raw: Any, spec: Spec) -> int:
    if not str(raw).isdigit() or len(str(raw)) > 18:
        raise ValueError(_("Choose from the list."))
    return int(raw)


def _files(raw: Any, spec: Spec) -> list[int]:
    """Ids as a list, or as a text with commas between; whose files they are is asked when they are kept."""
    items = raw if isinstance(raw, list) else [part.strip() for part in str(raw).split(",") if part.strip()]
    if len(items) > MOST_FILES:
        raise ValueError(_("At most {number} files in one field.").format(number=MOST_FILES))
    return list(dict.fromkeys(_row_id(item, spec) for item in items))


def _location(raw: Any, spec: Spec) -> int:
    return _existing(Location, raw, spec)


def _brand(raw: Any, spec: Spec) -> int:
    return _existing(Brand, raw, spec)


def _existing(model: type[Location] | type[Brand], raw: Any, spec: Spec) -> int:
    pk = _row_id(raw, spec)
    if not model.objects.filter(pk=pk).exists():
        raise ValueError(_("Choose from the list."))
    return pk


def _link(raw: Any, spec: Spec) -> str:
    if not str(raw).startswith(("https://", "http://")):
        raise ValueError(_("A link starts with https://"))
    return _text(raw, spec)


def _phone(raw: Any, spec: Spec) -> str:
    if number := phone.normalise(str(raw)):
        return number
    raise ValueError(_("This does not look like a phone number."))


def _email(raw: Any, spec: Spec) -> str:
    try:
        validate_email(str(raw))
    except ValidationError as error:
        raise ValueError(_("This does not look like an e-mail address.")) from error
    return str(raw).lower()


PARSERS: dict[str, Callable[[Any, Spec], Any]] = {
    "text": _text,
    "long_text": _text,
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
    "client": _row_id,
    "file": _files,
    "link": _link,
    "phone": _phone,
    "email": _email,
}


def is_kept_form(kind: str, value: Any) -> bool:
    """Whether a kept value is of this type; one that isn't was written when the field was of another."""
    try:
        return _FORMS[kind](value)
    except (TypeError, ValueError, InvalidOperation):
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_FORMS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("text", "long_text", "choice", "link", "phone", "email"), _is_text),
    **dict.fromkeys(ROWS, _is_id),
    "file": lambda value: isinstance(value, list) and all(map(_is_id, value)),
    "number": _is_number,
    "money": lambda value: _is_text(value) and Decimal(value).is_finite(),
    "date": lambda value: len(value) == 10 and bool(date.fromisoformat(value)),
    "time": lambda value: len(value) == 5 and time.fromisoformat(value) is not None,
    "datetime": lambda value: len(value) == 16 and bool(datetime.fromisoformat(value)),
    "yes_no": lambda value: isinstance(value, bool),
    "choices": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
}
