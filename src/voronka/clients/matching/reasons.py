"""Why two rows are taken for one, in words: what each comparison found and how much it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .comparisons import Seen
from .model import Weighed

#: In natural logarithms of odds: 150 times likelier is strong, 7 times is medium.
STRONG, MEDIUM = 5.0, 2.0

#: What a level of a comparison means; levels that are not here are not told.
WORDS: Mapping[str, Mapping[int, Promise | str]] = {
    "given": {
        1: _("The names differ"),
        2: _("The names are spelt nearly alike"),
        3: _("The first letter of the name fits"),
        4: _("One name is short for the other"),
        5: _("The same name"),
    },
    "surname": {
        1: _("The surnames differ"),
        2: _("The surnames are somewhat alike"),
        3: _("The surnames are alike"),
        4: _("The surnames are spelt nearly alike"),
        5: _("The same surname"),
    },
    "given~surname": {2: _("Name and surname have changed places")},
    "patronymic": {
        1: _("The patronymics differ"),
        2: _("The patronymics are spelt nearly alike"),
        3: _("The first letter of the patronymic fits"),
        4: _("The same patronymic"),
    },
    "phone": {1: _("The phones differ"), 2: _("One digit of the phone differs"), 3: _("The same phone")},
    "email": {1: _("The e-mails differ"), 2: _("One letter of the e-mail differs"), 3: _("The same e-mail")},
    "handle": {1: _("The names in messengers differ"), 2: _("The same name in a messenger")},
    "birthday": {1: _("The birthdays differ"), 2: _("One digit of the birthday differs"), 3: _("The same birthday")},
    "address": {
        1: _("The addresses differ"),
        2: _("One house, different flats"),
        3: _("One house"),
        4: _("The same address"),
    },
    "firm": {
        1: _("The names of the companies differ"),
        2: _("The names of the companies are somewhat alike"),
        3: _("The names of the companies are alike"),
        4: _("The names of the companies are spelt nearly alike"),
        5: _("The same name of the company"),
    },
    "number": {
        1: _("The INN differ"),
        2: _("One digit of the INN differs"),
        3: _("The same INN, different KPP: two branches"),
        4: _("The same INN"),
    },
    "subject": {
        1: _("The subjects differ"),
        2: _("The subjects are somewhat alike"),
        3: _("The subjects are nearly the same"),
        4: _("The same subject"),
    },
    "amount": {
        1: _("The amounts differ much"),
        2: _("The amounts differ"),
        3: _("The amounts are nearly the same"),
        4: _("The same amount"),
    },
    "goods": {1: _("The goods differ"), 2: _("The same goods")},
    "wish": {1: _("The answers of the client differ"), 2: _("The same answers of the client")},
    "day": {
        1: _("More than a month lies between them"),
        2: _("Opened in one month"),
        3: _("Opened in one week"),
        4: _("Opened on one day"),
    },
}


@dataclass(frozen=True)
class Reason:
    """`weight` is how much it speaks for one person, in logarithms of odds; below zero it speaks against."""

    key: str
    level: int
    weight: float

    @property
    def text(self) -> str:
        return str(WORDS[self.key][self.level])

    @property
    def strength(self) -> str:
        """`strong`, `medium` or `weak`."""
        return "strong" if abs(self.weight) >= STRONG else "medium" if abs(self.weight) >= MEDIUM else "weak"


def reasons(seen: Sequence[Seen], weighed: Weighed, pair: int) -> list[Reason]:
    """Of one pair, by its number; the weightiest first."""
    found = [Reason(one.key, int(one.levels[pair]), round(float(weighed.parts[one.key][pair]), 2)) for one in seen]
    told = [reason for reason in found if reason.level in WORDS[reason.key]]
    return sorted(told, key=lambda reason: -abs(reason.weight))
