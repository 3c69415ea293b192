"""Companies entered twice and badly, made of real names and words (package mimesis), and those that only look alike:
two firms of one owner with one phone and address, branches with one INN, firms that differ in a word."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from voronka.clients.inn import with_checksum
from voronka.clients.layout import other_layout
from voronka.clients.matching.firms import Firm, firm
from voronka.kernel import phone

from .hard_russian import LETTERS, TRANSLIT

ENTERED_AGAIN = 0.4
FORMS = {
    "ООО": (
        "ООО «{}»",
        "ООО {}",
        "{}, ООО",
        "{} ООО",
        "Общество с ограниченной ответственностью «{}»",
        'OOO "{}"',
        "{}",
    ),
    "АО": ("АО «{}»", "АО {}", "{}, АО", "Акционерное общество {}", "{}"),
    "ИП": ("ИП {}", "{} ИП", "Индивидуальный предприниматель {}", "{}"),
}


@dataclass(frozen=True)
class Row:
    """`who` is the company, `how` the corruptions or the kind of lookalike."""

    who: int
    form: str
    core: str
    name: str = ""
    inn: str = ""
    kpp: str = ""
    phones: str = ""
    email: str = ""
    address: str = ""
    how: tuple[str, ...] = ()

    def firm(self) -> Firm:
        found = [("phone", number) for number in phone.find(self.phones)]
        found += [("email", self.email)] if self.email else []
        return firm(name=self.name, inn=self.inn, kpp=self.kpp, identities=found, address=self.address)


def rows(folder: Path, count: int, *, seed: int = 2024) -> list[Row]:
    chance = random.Random(seed)
    known = json.loads((folder / "text.json").read_text())["words"]
    words = [word for word in known if len(word) > 4]
    people = json.loads((folder / "person.json").read_text())["surnames"]["male"]
    streets = json.loads((folder / "address.json").read_text())["street"]["name"]
    made: list[Row] = []
    who = 0
    while len(made) < count:
        one = _firm(chance, words, people, streets)
        for other in (one, *_lookalikes(one, chance, words, people, streets)):
            other = replace(other, who=who)
            who += 1
            made.append(_typed(other, chance))
            for _again in range(chance.choice((1, 1, 2)) if chance.random() < ENTERED_AGAIN else 0):
                made.append(_entered_again(other, chance))
    chance.shuffle(made)
    return made


def _firm(chance: random.Random, words: list[str], people: list[str], streets: list[str]) -> Row:
    form = chance.choice(("ООО", "ООО", "ООО", "АО", "ИП"))
    core = chance.choice(people) if form == "ИП" else " ".join(chance.sample(words, chance.choice((1, 2, 2)))).title()
    digits = [chance.randrange(10) for _ in range(10 if form == "ИП" else 9)]
    login = core.lower().replace(" ", "-").translate(TRANSLIT)
    return Row(
        who=0,
        form=form,
        core=core,
        inn=with_checksum("".join(map(str, digits))) if chance.random() < 0.7 else "",
        kpp=f"{chance.randrange(1000, 9999)}01001" if form != "ИП" else "",
        phones=f"+79{chance.randrange(10**8, 10**9)}" if chance.random() < 0.8 else "",
        email=f"info@{login}{chance.randrange(99)}.ru" if chance.random() < 0.5 else "",
        address=f"ул. {chance.choice(streets)}, д. {chance.randrange(1, 90)}, оф. {chance.randrange(1, 300)}"
        if chance.random() < 0.5
        else "",
    )


def _lookalikes(one: Row, chance: random.Random, words: list[str], people: list[str], streets: list[str]) -> list[Row]:
    kind = chance.random()
    other = _firm(chance, words, people, streets)
    if kind < 0.04:
        return [
            replace(other, phones=one.phones, address=one.address, email=one.email, how=("two firms with one phone",))
        ]
    if kind < 0.06 and one.inn and one.kpp:
        branch = replace(
            one, kpp=f"{chance.randrange(1000, 9999)}43001", phones=other.phones, email="", address=other.address
        )
        return [replace(branch, how=("another branch",))]
    if kind < 0.08 and one.form != "ИП":
        return [
            replace(other, form=one.form, core=f"{one.core} {chance.choice(words).title()}", how=("one word more",))
        ]
    return []


def _typed(row: Row, chance: random.Random) -> Row:
    return replace(row, name=row.name or chance.choice(FORMS[row.form][:-1]).format(row.core))


def _entered_again(row: Row, chance: random.Random) -> Row:
    chosen = sorted(chance.sample(sorted(CORRUPTIONS), chance.choice((1, 1, 2, 3))), key=lambda name: name in _ON_NAME)
    spoilt = replace(row, how=())
    for name in chosen:
        if name in _ON_NAME:
            spoilt = _typed(spoilt, chance)
        spoilt = CORRUPTIONS[name](spoilt, chance)
    return replace(_typed(spoilt, chance), how=tuple(sorted(chosen)))


def _typo(row: Row, chance: random.Random) -> Row:
    place = chance.randrange(1, len(row.core) - 1)
    return replace(row, core=row.core[:place] + chance.choice(LETTERS) + row.core[place + 1 :])


def _wrong_digit(row: Row, chance: random.Random) -> Row:
    if not row.inn:
        return row
    place = chance.randrange(len(row.inn))
    return replace(row, inn=row.inn[:place] + str((int(row.inn[place]) + 1) % 10) + row.inn[place + 1 :])


CORRUPTIONS: dict[str, Callable[[Row, random.Random], Row]] = {
    "typo": _typo,
    "wrong digit of the INN": _wrong_digit,
    "no INN": lambda row, chance: replace(row, inn="", kpp=""),
    "no form": lambda row, chance: replace(row, name=row.core),
    "other phone": lambda row, chance: replace(row, phones=f"+79{chance.randrange(10**8, 10**9)}"),
    "layout": lambda row, chance: replace(row, name=other_layout(row.name)),
    "transliteration": lambda row, chance: replace(row, name=row.name.lower().translate(TRANSLIT)),
    "only the INN": lambda row, chance: replace(row, phones="", email="", address="") if row.inn else row,
    "only the phone": lambda row, chance: replace(row, inn="", kpp="", email="", address="") if row.phones else row,
}
_ON_NAME = {"layout", "transliteration"}
