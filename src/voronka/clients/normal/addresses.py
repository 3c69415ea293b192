"""An address as people write it, taken apart without asking anybody: town, street, house, flat."""

import re
from dataclasses import dataclass

from .latin import skeleton

_KINDS = (
    "ул улица пр пр-т пр-кт просп проспект пер переулок ш шоссе наб набережная б-р бул бульвар пл площадь проезд пр-д"
    " аллея линия тракт тупик мкр микрорайон кв-л квартал ul ulitsa ulica street st prospekt pr per pereulok sh nab"
    " avenue ave road rd"
)
_KIND = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, _KINDS.split()), key=len, reverse=True)) + r")(?![\w-])\.?"
)
_POSTCODE = re.compile(r"\b\d{6}\b")
_TOWN = re.compile(
    r"(?<![\w-])(?:г|гор|город|пос|поселок|с|село|дер|деревня|рп|пгт|g|gorod)(?:\.\s*|\s+)([^\W\d_][\w-]+)"
)
_REGION = re.compile(r"[^,]*\b(?:обл|область|край|респ|республика|р-н|район|oblast|россия|рф|russia)\b\.?")
_FLAT = re.compile(
    r"(?<![\w-])(?:кв|квартира|оф|офис|пом|помещение|апарт|kv|flat|apt)(?:\.\s*|\s+|(?=\d))№?\s*(\d+\s?[а-яa-z]?)\b"
)
_HOUSE = re.compile(
    r"(?<![\w-])(?:д|дом|вл|владение|уч|d|dom|house)(?:\.\s*|\s+|(?=\d))№?\s*(\d+(?:/\d+)?\s?[а-яa-z]?)(?![\w])"
)
_BLOCK = re.compile(r"(?<![\w-])(?:к|корп|корпус|стр|строение|k|korp|str)(?:\.\s*|\s+|(?=\d))(\d+\s?[а-яa-z]?)\b")
_BARE = re.compile(r"(?:^|[\s,])(\d+(?:/\d+)?[а-яa-z]?)(?:\s*[-–,]\s*(\d+))?[\s,]*$")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Address:
    """Skeletons; what was not said is empty. `house` holds the block too: «5k2»."""

    town: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""


NOWHERE = Address()


def read(text: str) -> Address:
    rest = " ".join(text.lower().replace("ё", "е").split())
    rest = _REGION.sub(" ", _POSTCODE.sub(" ", rest))
    rest, flat = _take(_FLAT, rest)
    rest, block = _take(_BLOCK, rest)
    rest, house = _take(_HOUSE, rest)
    rest, town = _take(_TOWN, rest)
    if not house and (bare := _BARE.search(rest)):
        house, flat = bare[1], flat or bare[2] or ""
        rest = rest[: bare.start()]
    named, street = _street(rest)
    return Address(
        town=skeleton(town or named),
        street=street,
        house=skeleton(house.replace("/", "k")) + (f"k{skeleton(block)}" if block else ""),
        flat=skeleton(flat),
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    return (text[: found.start()] + "," + text[found.end() :], found[1]) if found else (text, "")


def _street(text: str) -> tuple[str, str]:
    """(a town that was written without a word for it, the street without the word for its kind)."""
    parts = [part.strip() for part in text.split(",") if _WORDS.search(part)]
    if not parts:
        return "", ""
    street = next((part for part in parts if _KIND.search(part)), parts[-1])
    town = next((part for part in parts if part != street), "")
    return town, " ".join(sorted(skeleton(word) for word in _WORDS.findall(_KIND.sub(" ", street))))
