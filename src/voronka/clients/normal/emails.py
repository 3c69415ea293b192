"""E-mails: the one box behind the spellings of an address, and the well-known domain that was mistyped."""

from rapidfuzz.distance import OSA

_SAME_BOX = {
    "googlemail.com": "gmail.com", "ya.ru": "yandex.ru", "yandex.com": "yandex.ru", "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru", "narod.ru": "yandex.ru",
}  # fmt: skip
WELL_KNOWN = (
    "mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "yandex.ru", "yandex.com", "ya.ru", "gmail.com",
    "googlemail.com", "rambler.ru", "outlook.com", "hotmail.com", "icloud.com", "me.com", "yahoo.com", "live.ru",
    "live.com", "vk.com", "proton.me", "protonmail.com", "tut.by", "ukr.net",
)  # fmt: skip
#: Endings people write by habit instead of the right one.
_ENDINGS = (".ru", ".com")


def box(email: str) -> str:
    """The same text for every spelling of one mailbox: case, tag after «+», dots, twin domains."""
    name, at, domain = email.strip().lower().rpartition("@")
    domain = _SAME_BOX.get(domain, domain)
    name = name.partition("+")[0]
    if domain == "gmail.com":
        name = name.replace(".", "")
    elif domain == "yandex.ru":
        name = name.replace(".", "-")
    return f"{name}{at}{domain}"


def meant(email: str) -> str:
    """The address with the well-known domain that this one is a slip of, or an empty text: «a@gmial.com»."""
    name, at, domain = email.strip().lower().rpartition("@")
    if not name or domain in WELL_KNOWN:
        return ""
    near = [known for known in WELL_KNOWN if _ending_only(domain, known)]
    near += [known for known in WELL_KNOWN if len(known) > 5 and OSA.distance(domain, known) == 1]
    return f"{name}{at}{near[0]}" if near else ""


def _ending_only(domain: str, known: str) -> bool:
    stem, _dot, ending = domain.rpartition(".")
    kept, _dot, _ending = known.rpartition(".")
    return stem == kept and len(stem) > 3 and f".{ending}" in _ENDINGS
