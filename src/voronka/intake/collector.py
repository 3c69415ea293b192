"""Pairs of (field, value) → an inquiry. Pure; every profile ends here, so all forms are understood alike."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from voronka.kernel import phone

from . import marks
from .inquiry import CartLine, Inquiry
from .vocabulary import HANDLES, fold, target_of

LONGEST_NAME, LONGEST_TEXT, LONGEST_ANSWER, MOST_ANSWERS = 200, 10_000, 2_000, 200
EMAIL = re.compile(r"[^\s@<>,;:\"'()\[\]]{1,100}@[^\s@<>,;:\"'()\[\]]{1,150}\.[^\s@<>,;:\"'()\[\].]{2,30}")
_LINK = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)
_YES = {"yes", "on", "true", "1", "да"}


class Collector:
    """Takes fields one by one, then makes the inquiry. `mapping` is the source's {field: target}."""

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._exact = dict(mapping or {})
        self._folded = {fold(name): target for name, target in self._exact.items()}
        self._got: dict[str, list[str]] = {}
        self._explicit: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.answers: list[tuple[str, str]] = []
        self.extra: dict[str, Any] = {}

    def target(self, name: str) -> str | None:
        return self._exact.get(name) or self._folded.get(fold(name)) or target_of(name)

    def is_mapped(self, name: str) -> bool:
        return name in self._exact or fold(name) in self._folded

    def take(self, name: str, value: str) -> None:
        """One field of the form, wherever its name leads."""
        value = value.strip()
        if not value:
            return
        target = self.target(name)
        if target is None and marks.mark_of(name):
            self._explicit.setdefault(name.lower(), value)
        elif target is None:
            self.answer(name, value)
        elif target.startswith("deal."):
            self.fields.setdefault(target.removeprefix("deal."), value[:LONGEST_ANSWER])
        elif target != "ignore":
            self.give(target, value)

    def take_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        for name, value in pairs:
            self.take(name, value)

    def give(self, target: str, value: str) -> None:
        """A value whose meaning is known."""
        if value.strip():
            self._got.setdefault(target, []).append(value.strip())

    def mark(self, name: str, value: str) -> None:
        """A source mark under its usual name (`utm_source`, `yclid`)."""
        if value.strip():
            self._explicit.setdefault(name.lower(), value)

    def answer(self, question: str, value: str) -> None:
        if len(self.answers) < MOST_ANSWERS:
            self.answers.append((question[:LONGEST_NAME], value[:LONGEST_ANSWER]))

    def first(self, target: str) -> str:
        return self._got.get(target, [""])[0]

    def inquiry(self, *, cookies: str = "", http_referer: str = "") -> Inquiry:
        """What all of it says together."""
        page = self.first("page") or http_referer
        referrer = self.first("referrer")
        layers = [self._explicit, marks.from_cookies(cookies), marks.from_url(page), marks.from_url(referrer)]
        utm, clicks = marks.gather(layers)
        unread: list[tuple[str, str]] = []
        phones = self._phones(unread)
        emails = self._emails(unread)
        name = self._name(phones, emails)
        text = "\n".join(self._got.get("text", ()))[:LONGEST_TEXT]
        if not phones and _might_hold_phone(text):
            phones = phone.find(text)
        if not emails and "@" in text:
            emails = [found.lower() for found in EMAIL.findall(text)]
        return Inquiry(
            name=name[:LONGEST_NAME],
            phones=list(dict.fromkeys(phones)),
            emails=list(dict.fromkeys(emails)),
            handles=self._handles(phones),
            text=text,
            answers=self.answers,
            title=self.first("title")[:LONGEST_NAME],
            form=self.first("form")[:LONGEST_NAME],
            utm=utm,
            clicks=clicks,
            page=page[:2000],
            referrer=referrer[:2000],
            consent=self.first("consent")[:LONGEST_ANSWER],
            fields=self.fields,
            brand=self.first("brand")[:LONGEST_NAME],
            location=self.first("location")[:LONGEST_NAME],
            amount=money(self.first("amount")),
            flags=["link_in_name"] if _LINK.search(" ".join(self._got.get("name", ()))) else [],
            unread=unread,
            **self.extra,
        )

    def _phones(self, unread: list[tuple[str, str]]) -> list[str]:
        phones: list[str] = []
        for value in self._got.get("phone", ()):
            if found := phone.find(value[:200]):
                phones.extend(found)
            elif mail := EMAIL.search(value):
                self.give("email", mail.group())
            else:
                unread.append(("phone", value[:LONGEST_NAME]))
        return phones

    def _emails(self, unread: list[tuple[str, str]]) -> list[str]:
        emails: list[str] = []
        for value in self._got.get("email", ()):
            if found := EMAIL.findall(value[:1000]):
                emails.extend(mail.lower() for mail in found)
            else:
                unread.append(("email", value[:LONGEST_NAME]))
        return emails

    def _name(self, phones: list[str], emails: list[str]) -> str:
        """The name, with a phone or e-mail typed into it cut out and put where it belongs."""
        parts = [self.first("last_name"), self.first("first_name"), self.first("middle_name")]
        name = self.first("name") or " ".join(filter(None, parts))
        if _might_hold_phone(name):
            phones.extend(phone.find(name[:LONGEST_NAME]))
            name = phone.without_phones(name[:LONGEST_NAME])
            # A number that only makes sense read as a whole leaves its digits behind.
            name = "" if phones and not any(sign.isalpha() for sign in name) else name
        if "@" in name and (mail := EMAIL.search(name)):
            emails.append(mail.group().lower())
            name = name.replace(mail.group(), " ").strip(" ,;:()-")
        # Brackets that stood around a number are left behind alone.
        return " ".join(word for word in name.split() if word.strip("()[],;:-"))

    def _handles(self, phones: list[str]) -> dict[str, str]:
        handles = {}
        for kind in HANDLES:
            raw = self.first(kind)
            if not raw or raw.lower() in _YES:
                continue
            found = phone.find(raw[:LONGEST_NAME]) if _might_hold_phone(raw) else []
            if found and kind in ("whatsapp", "telegram"):
                phones.extend(found)
                if kind == "whatsapp":
                    handles[kind] = found[0]
            elif value := raw.split("?")[0].rstrip("/").rsplit("/", 1)[-1].lstrip("@").strip().lower():
                handles[kind] = value[:LONGEST_NAME]
        return handles


def _might_hold_phone(text: str) -> bool:
    """Cheap, since searching for numbers is not."""
    return sum(sign.isdigit() for sign in text) >= 7


def money(text: Any) -> Decimal | None:
    """An amount as shops write it: «4 500,00 ₽», "4500". None when it is not one."""
    cleaned = re.sub(r"[^\d.,\-]", "", str(text if text is not None else "")).replace(",", ".").strip(".")
    if not cleaned or len(cleaned) > 16:
        return None
    try:
        amount = Decimal(cleaned).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 11 else None


def quantity(text: Any) -> Decimal:
    """How many; 1 when it is not said clearly."""
    try:
        number = Decimal(str(text).strip().replace(",", ".")).quantize(Decimal("0.001"))
    except InvalidOperation:
        return Decimal(1)
    return number if number.is_finite() and 0 < number < 10**6 else Decimal(1)


def cart_line(name: str, *, count: Any = 1, price: Any = None, amount: Any = None) -> CartLine:
    return CartLine(name=name[:LONGEST_NAME], quantity=quantity(count), price=money(price), amount=money(amount))
