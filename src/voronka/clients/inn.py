"""INN, the taxpayer's number: its length says whose it is, its last digits are a checksum of the rest. KPP, the number
of the reason for which a company stands at a tax office: it has no checksum."""

import re

_LEGAL = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_PERSON_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_PERSON_SECOND = (3, *_PERSON_FIRST)
#: Office, reason in digits or letters, number.
_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}", re.ASCII)


def is_valid(inn: str) -> bool:
    """10 digits of a company or 12 of a person with a right checksum."""
    if not (inn.isascii() and inn.isdigit()) or len(inn) not in (10, 12):
        return False
    digits = [int(sign) for sign in inn]
    if len(digits) == 10:
        return _checksum(digits, _LEGAL) == digits[9]
    return _checksum(digits, _PERSON_FIRST) == digits[10] and _checksum(digits, _PERSON_SECOND) == digits[11]


def is_kpp(kpp: str) -> bool:
    return bool(_KPP.fullmatch(kpp))


def with_checksum(digits: str) -> str:
    """An INN of its first 9 digits, a company's, or 10, a person's."""
    known = [int(sign) for sign in digits]
    for weights in (_LEGAL,) if len(known) == 9 else (_PERSON_FIRST, _PERSON_SECOND):
        known.append(_checksum(known, weights))
    return "".join(map(str, known))


def _checksum(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
