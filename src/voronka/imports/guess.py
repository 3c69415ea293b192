"""What a column is, by how it was taken the last time, by its heading, by its values. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.clients import inn
from voronka.kernel import phone

from .targets import Target

_SPACES = re.compile(r"[\s_]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d\d-\d\d")
#: Of so many values a column shows what it is.
LOOKED = 200
MOST_OF_THEM = 0.7
#: Fields that several columns may become.
MANY = ("contact.phone", "contact.email", "note", "company.address", "company.tags", "deal.tags")


@dataclass(frozen=True)
class Guess:
    """`sure`: 0 to 3; `why` in words."""

    target: str
    sure: int
    why: str


def norm(heading: str) -> str:
    return _SPACES.sub(" ", heading.strip().lower()).strip(" :*")


def guesses(
    heads: Sequence[str], samples: Sequence[Sequence[str]], known: Mapping[str, Target], habits: Mapping[str, str]
) -> list[Guess]:
    """One for each column; a field that stands for one thing is guessed once, by the surest column."""
    found = [_guess(head, _column(samples, place), known, habits) for place, head in enumerate(heads)]
    taken: dict[str, int] = {}
    for place, one in sorted(enumerate(found), key=lambda pair: (-pair[1].sure, pair[0])):
        if not one.target or one.target in MANY:
            continue
        if one.target in taken:
            found[place] = Guess("", 0, _("the column “%(head)s” is this already") % {"head": heads[taken[one.target]]})
        else:
            taken[one.target] = place
    return _apart(heads, found)


def _guess(head: str, values: Sequence[str], known: Mapping[str, Target], habits: Mapping[str, str]) -> Guess:
    name = norm(head)
    if not values:
        return Guess("", 0, _("no row has anything here"))
    if name in habits and (habits[name] in known or not habits[name]):
        return Guess(habits[name], 3, _("so it was the last time"))
    by_value, share = _by_values(values)
    by_head, exact = _by_heading(name, known)
    if by_head and by_value == by_head:
        return Guess(by_head, 3, _("by the heading and by the values"))
    if by_head and (exact or not by_value):
        return Guess(by_head, 3 if exact else 2, _("by the heading"))
    if by_value:
        fitting = {"fit": share, "all": len(values)}
        return Guess(by_value, 2, _("%(fit)s of %(all)s values look like this") % fitting)
    return Guess("", 0, _("not understood: may become a note"))


def _by_heading(name: str, known: Mapping[str, Target]) -> tuple[str, bool]:
    """(target, whether the heading says just that)."""
    for key, target in known.items():
        if name in target.words or name == str(target.title).lower():
            return key, True
    for key, target in known.items():
        if any(len(word) > 4 and word in name for word in target.words):
            return key, False
    return "", False


def _by_values(values: Sequence[str]) -> tuple[str, int]:
    counts = Counter(kind for value in values for kind in [_kind(value)] if kind)
    if not counts:
        return "", 0
    kind, count = counts.most_common(1)[0]
    return (kind, count) if count >= MOST_OF_THEM * len(values) else ("", 0)


def _kind(value: str) -> str:
    if _EMAIL.search(value):
        return "contact.email"
    if inn.is_valid(value):
        return "company.inn"
    if not _DATE.fullmatch(value) and len(value) > 6 and phone.normalise(value):
        return "contact.phone"
    return ""


def _column(samples: Iterable[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in samples if place < len(row) and row[place]][:LOOKED]


def _apart(heads: Sequence[str], found: list[Guess]) -> list[Guess]:
    """«Имя» beside «Фамилия» is the given name alone."""
    if any(one.target == "contact.surname" for one in found):
        for place, one in enumerate(found):
            if one.target == "contact.name" and norm(heads[place]) in ("имя", "name"):
                found[place] = Guess("contact.given", one.sure, one.why)
    return found
