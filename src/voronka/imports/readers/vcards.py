"""Cards of people, vCard 2.1 to 4.0: each card is a row."""

import io
from collections.abc import Iterator
from typing import IO, Any

import vobject
from vobject.base import VObjectError

from .csvs import SAMPLE, encoding_of

DAMAGED = (VObjectError,)
HEADS = ("ФИО", "Телефон", "E-mail", "Компания", "Должность", "День рождения", "Адрес", "Комментарий", "UID")


def read(file: IO[bytes]) -> tuple[dict[str, Any], Iterator[list[str]]]:
    encoding = encoding_of(file.read(SAMPLE))
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding, errors="replace")
    return {"encoding": encoding.removesuffix("-sig"), "cards": True}, _rows(lines)


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    yield list(HEADS)
    for text in _cards(lines):
        yield _row(vobject.readOne(text, allowQP=True))


def _cards(lines: Iterator[str]) -> Iterator[str]:
    card: list[str] = []
    for line in lines:
        if line.strip().upper() == "BEGIN:VCARD":
            card = []
        card.append(line)
        if line.strip().upper() == "END:VCARD":
            yield "".join(card)


def _row(card: Any) -> list[str]:
    found = card.contents
    birthday = _first(found, "bday").replace("-", "")[:8]
    return [
        _name(found),
        _all(found, "tel"),
        _all(found, "email"),
        " ".join(_parts(found, "org")),
        _first(found, "title"),
        f"{birthday[:4]}-{birthday[4:6]}-{birthday[6:]}" if len(birthday) == 8 and birthday.isdigit() else "",
        _address(found),
        _first(found, "note"),
        _first(found, "uid"),
    ]


def _name(found: dict[str, list[Any]]) -> str:
    if full := _first(found, "fn"):
        return full
    if "n" not in found:
        return ""
    name = found["n"][0].value
    return " ".join(part for part in map(_text, (name.family, name.given, name.additional)) if part)


def _address(found: dict[str, list[Any]]) -> str:
    if "adr" not in found:
        return ""
    place = found["adr"][0].value
    parts = (place.code, place.region, place.city, place.street, place.extended)
    return ", ".join(part for part in map(_text, parts) if part)


def _first(found: dict[str, list[Any]], key: str) -> str:
    return _text(found[key][0].value) if key in found else ""


def _all(found: dict[str, list[Any]], key: str) -> str:
    return ", ".join(_text(one.value).removeprefix("tel:") for one in found.get(key, ()))


def _parts(found: dict[str, list[Any]], key: str) -> list[str]:
    value = found[key][0].value if key in found else []
    return [value] if isinstance(value, str) else list(value)


def _text(value: Any) -> str:
    """vobject gives texts, or lists of them where a part has several."""
    return " ".join(value) if isinstance(value, list) else str(value or "").strip()
