"""Phone numbers: found in any text, kept as E.164 digits with a plus."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

REGION = "RU"
#: A Russian mobile number and nothing else, as nearly all are written: read without asking the library.
_PLAIN = re.compile(r"\s*(?:\+7|8|7)?[\s(-]*(9\d\d)[\s)-]*(\d{3})[\s-]*(\d\d)[\s-]*(\d\d)\s*")


def normalise(text: str) -> str | None:
    """E.164 («+79213384017») of a text that is one phone number, else None. 8… and 10 digits from 9 are Russian."""
    found = find(text)
    return found[0] if found else None


def find(text: str) -> list[str]:
    """All valid phone numbers in a text, E.164, in order, without repeats. A phone typed into a name is found too."""
    if plain := _PLAIN.fullmatch(text or ""):
        return [f"+7{''.join(plain.groups())}"]
    numbers = [
        phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
        for match in phonenumbers.PhoneNumberMatcher(text or "", REGION)
    ]
    if not numbers and (bare := _bare(text or "")):
        numbers = [bare]
    return list(dict.fromkeys(numbers))


def without_phones(text: str) -> str:
    """The text with its phone numbers cut out, spaces tidied: the name that stood beside the phone."""
    result = text
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text or "", REGION))):
        result = result[: match.start] + " " + result[match.end :]
    return " ".join(result.replace("+", " ").split()).strip(" ,;:()-")


def masked(text: str) -> str:
    """The text with the middle of every phone number left out: «+7 921 …-17»."""
    result = text
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text or "", REGION))):
        digits = phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
        result = f"{result[: match.start]}{digits[:-10]} {digits[-10:-7]} …-{digits[-2:]}{result[match.end :]}"
    return result


def _bare(text: str) -> str | None:
    digits = "".join(sign for sign in text if sign.isdigit())
    if not text.strip().startswith(("+", "8", "7", "9", "(")):
        return None
    try:
        number = phonenumbers.parse("+" + digits if text.strip().startswith("+") else digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None
