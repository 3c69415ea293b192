"""A hard set of Russian clients: real names, surnames and streets (package mimesis), entered twice and badly.

Every person is entered once as it should be. Two of five are entered again, once or twice, with one to three of
`CORRUPTIONS`, each of which is what managers, forms and imports do; which ones is kept with the row. And there are
people who look like one and are not: relatives with one phone and one flat, a father and a son of one name at one
address, neighbours of one house, namesakes of one town, colleagues behind one switchboard.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from voronka.clients.layout import other_layout
from voronka.clients.matching.people import Card, card
from voronka.clients.normal.latin import skeleton
from voronka.kernel import phone

ENTERED_AGAIN = 0.4
LETTERS = "абвгдежзиклмнопрстуфхцчшыэюя"
MAILBOXES = ("mail.ru", "yandex.ru", "gmail.com", "bk.ru", "list.ru", "rambler.ru", "inbox.ru")
STREET_KINDS = ("ул. {}", "улица {}", "{} ул", "ул {}")
TRANSLIT = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One entry as it was typed. `who` is the person; `how` the corruptions, or the kind of lookalike it is."""

    who: int
    given: str
    surname: str
    patronymic: str = ""
    name: str = ""
    phones: str = ""
    email: str = ""
    handle: str = ""
    birthday: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    address: str = ""
    how: tuple[str, ...] = ()

    def card(self) -> Card:
        found = [("phone", number) for number in phone.find(self.phones) + phone.find(self.name)]
        found += [("email", self.email.lower())] if self.email else []
        found += [("telegram", self.handle)] if self.handle else []
        return card(name=self.name, identities=dict.fromkeys(found), birthday=self.birthday, address=self.address)


@dataclass
class Words:
    """Lists of the package, the common ones first as in life: the n-th comes as often as 1/n says."""

    given: dict[str, list[str]]
    surnames: list[str]
    streets: list[str]
    chance: random.Random
    boxes: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, folder: Path, seed: int) -> "Words":
        people = json.loads((folder / "person.json").read_text())
        places = json.loads((folder / "address.json").read_text())
        chance = random.Random(seed)
        given = {sex: chance.sample(found, len(found)) for sex, found in people["names"].items()}
        given = {sex: sorted(found, key=lambda name: skeleton(name) not in _common()) for sex, found in given.items()}
        surnames = [name for name in people["surnames"]["male"] if name.endswith(("ов", "ев", "ин", "ий", "ко", "ян"))]
        streets = [street for street in places["street"]["name"] if not any(sign.isdigit() for sign in street)]
        return cls(given, chance.sample(surnames, len(surnames)), chance.sample(streets, len(streets)), chance)

    def email(self, login: str) -> str:
        """A box that nobody has yet."""
        chance = self.chance
        box = f"{chance.choice((login, login[2:]))}@{chance.choice(MAILBOXES)}"
        while box in self.boxes:
            box = f"{login}{chance.randrange(1, 9999)}@{chance.choice(MAILBOXES)}"
        self.boxes.add(box)
        return box

    def pick(self, words: list[str], *, flat: float = 12.0) -> str:
        """The n-th of them with the weight 1 / (n + flat)."""
        high = len(words) / flat
        return words[min(int(flat * ((1 + high) ** self.chance.random() - 1)), len(words) - 1)]


def rows(folder: Path, count: int, *, seed: int = 2024) -> list[Row]:
    """About `count` rows, mixed."""
    words = Words.load(folder, seed)
    chance, who = words.chance, 0
    made: list[Row] = []
    while len(made) < count:
        person = _person(words, who)
        others = list(_lookalikes(words, person))
        for one in (person, *others):
            one = replace(one, who=who)
            who += 1
            made.append(_typed(one, chance))
            for _again in range(chance.choice((1, 1, 2)) if chance.random() < ENTERED_AGAIN else 0):
                made.append(_entered_again(one, chance))
    chance.shuffle(made)
    return made


def _person(words: Words, who: int) -> Row:
    chance = words.chance
    sex = chance.choice(("male", "female"))
    given, surname = words.pick(words.given[sex]), _surname(words.pick(words.surnames, flat=40), sex)
    login = f"{given}.{surname}".lower().translate(TRANSLIT)
    return Row(
        who=who,
        given=given,
        surname=surname if chance.random() < 0.85 else "",
        patronymic=_patronymic(words, sex) if chance.random() < 0.3 else "",
        phones=_number(chance) if chance.random() < 0.9 else "",
        email=words.email(login) if chance.random() < 0.5 else "",
        handle=f"{login.replace('.', '_')}{chance.randrange(1, 9999)}"[-20:] if chance.random() < 0.25 else "",
        birthday=_birthday(chance) if chance.random() < 0.3 else "",
        street=words.pick(words.streets, flat=80),
        house=str(chance.randrange(1, 90)),
        flat=str(chance.randrange(1, 200)),
        address="yes" if chance.random() < 0.4 else "",
    )


def _lookalikes(words: Words, person: Row) -> Iterator[Row]:
    """Others who share something with the person. A tenth of all people have one."""
    chance = words.chance
    kind = chance.random()
    if kind < 0.05 and person.surname:
        sex = chance.choice(("male", "female"))
        given = words.pick(words.given[sex])
        if given != person.given:
            family = (
                {"phones": person.phones, "address": person.address} if chance.random() < 0.7 else {"address": "yes"}
            )
            own: dict[str, Any] = {
                "birthday": "",
                "handle": "",
                "email": person.email if chance.random() < 0.2 else "",
                "patronymic": "",
            }
            surname = _surname(person.surname.removesuffix("а").replace("ская", "ский"), sex)
            yield replace(
                person,
                given=given,
                surname=surname,
                how=("one family",),
                **{"phones": _number(chance), **own, **family},
            )
    elif kind < 0.06 and person.surname:
        own = {"birthday": _birthday(chance), "phones": _number(chance), "email": "", "handle": "", "patronymic": ""}
        yield replace(person, address="yes", how=("namesake at the address",), **own)
    elif kind < 0.08:
        other = _person(words, 0)
        yield replace(other, street=person.street, house=person.house, address="yes", how=("one house",))
    elif kind < 0.10 and person.surname:
        other = _person(words, 0)
        yield replace(other, given=person.given, surname=person.surname, patronymic="", how=("namesake",))
    elif kind < 0.11:
        for _colleague in range(chance.randrange(2, 6)):
            yield replace(_person(words, 0), phones=person.phones, how=("one switchboard",))


def _typed(row: Row, chance: random.Random) -> Row:
    """The texts of a row as a careful manager types them."""
    order = (
        (row.surname, row.given, row.patronymic) if chance.random() < 0.5 else (row.given, row.patronymic, row.surname)
    )
    address = ""
    if row.address:
        street = chance.choice(STREET_KINDS).format(row.street)
        address = f"{street}, {chance.choice(('д. ', 'дом ', '', 'д.'))}{row.house}, кв. {row.flat}"
    phones = ", ".join(_spelt(number, chance) for number in row.phones.split(";")) if row.phones else ""
    return replace(row, name=row.name or " ".join(filter(None, order)), phones=phones, address=address)


def _entered_again(row: Row, chance: random.Random) -> Row:
    corruptions = chance.sample(sorted(CORRUPTIONS), chance.choice((1, 1, 2, 3)))
    spoilt = replace(row, how=())
    for name in sorted(corruptions, key=lambda name: name in _ON_TEXT):
        if name in _ON_TEXT:
            continue
        spoilt = CORRUPTIONS[name](spoilt, chance)
    spoilt = _typed(spoilt, chance)
    for name in sorted(set(corruptions) & _ON_TEXT):
        spoilt = CORRUPTIONS[name](spoilt, chance)
    return replace(spoilt, how=tuple(sorted(corruptions)))


def _letter_typo(word: str, chance: random.Random) -> str:
    if len(word) < 4:
        return word
    place = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place] + word[place:],
        )
    )


def _typo(row: Row, chance: random.Random) -> Row:
    part = "surname" if row.surname and chance.random() < 0.6 else "given"
    spoilt = _letter_typo(getattr(row, part), chance)
    return replace(row, surname=spoilt) if part == "surname" else replace(row, given=spoilt)


def _wrong_digit(row: Row, chance: random.Random) -> Row:
    if not row.phones:
        return row
    place = len(row.phones) - chance.randrange(1, 8)
    return replace(
        row,
        phones=row.phones[:place]
        + str((int(row.phones[place]) + chance.randrange(1, 9)) % 10)
        + row.phones[place + 1 :],
    )


def _short(row: Row, chance: random.Random) -> Row:
    forms = [form for form in SHORT_FORMS if form[0] == row.given]
    return replace(row, given=chance.choice(forms)[1]) if forms else row


def _phone_in_name(row: Row, chance: random.Random) -> Row:
    return replace(row, name=f"{row.name} {row.phones}".strip(), phones="") if row.phones else row


def _initials(row: Row, chance: random.Random) -> Row:
    return (
        replace(row, given=f"{row.given[0]}.", patronymic=f"{row.patronymic[0]}." if row.patronymic else "")
        if row.surname
        else row
    )


def _other_phone(row: Row, chance: random.Random) -> Row:
    return replace(row, phones=_number(chance)) if row.email or row.handle or row.address else row


def _slip(row: Row, chance: random.Random) -> Row:
    login, _at, domain = row.email.partition("@")
    return replace(row, email=f"{login}@{domain[0]}{domain[2]}{domain[1]}{domain[3:]}") if row.email else row


CORRUPTIONS: dict[str, Callable[[Row, random.Random], Row]] = {
    "typo": _typo,
    "wrong digit": _wrong_digit,
    "short form": _short,
    "phone in the name": _phone_in_name,
    "initials": _initials,
    "other phone": _other_phone,
    "slip in the domain": _slip,
    "layout": lambda row, chance: replace(row, name=other_layout(row.name)),
    "transliteration": lambda row, chance: replace(row, name=row.name.lower().translate(TRANSLIT).title()),
    "two phones": lambda row, chance: replace(row, phones=";".join(filter(None, (_number(chance), row.phones)))),
    "no surname": lambda row, chance: replace(row, surname="") if row.phones or row.email or row.handle else row,
    "only the e-mail": lambda row, chance: replace(row, phones="", address="", handle="") if row.email else row,
    "only the phone": lambda row, chance: (
        replace(row, email="", address="", handle="", birthday="") if row.phones else row
    ),
}
_ON_TEXT = {"phone in the name", "layout", "transliteration"}
#: From a list of our own would be an examination by the examined: these come from how people sign their letters.
SHORT_FORMS = [
    ("Александр", "Саша"), ("Александр", "Саня"), ("Александра", "Саша"), ("Алексей", "Леша"), ("Алексей", "Лёха"),
    ("Анастасия", "Настя"), ("Анна", "Аня"), ("Анатолий", "Толик"), ("Андрей", "Андрюха"), ("Валентина", "Валя"),
    ("Валерий", "Валера"), ("Василий", "Вася"), ("Виктор", "Витя"), ("Виктория", "Вика"), ("Владимир", "Вова"),
    ("Владимир", "Володя"), ("Владислав", "Влад"), ("Вячеслав", "Слава"), ("Галина", "Галя"), ("Геннадий", "Гена"),
    ("Георгий", "Гоша"), ("Григорий", "Гриша"), ("Даниил", "Даня"), ("Дарья", "Даша"), ("Дмитрий", "Дима"),
    ("Евгений", "Женя"), ("Евгения", "Женя"), ("Екатерина", "Катя"), ("Елена", "Лена"), ("Елизавета", "Лиза"),
    ("Иван", "Ваня"), ("Ирина", "Ира"), ("Константин", "Костя"), ("Ксения", "Ксюша"), ("Любовь", "Люба"),
    ("Людмила", "Люда"), ("Максим", "Макс"), ("Маргарита", "Рита"), ("Мария", "Маша"), ("Михаил", "Миша"),
    ("Надежда", "Надя"), ("Наталья", "Наташа"), ("Николай", "Коля"), ("Ольга", "Оля"), ("Павел", "Паша"),
    ("Пётр", "Петя"), ("Полина", "Поля"), ("Роман", "Рома"), ("Светлана", "Света"), ("Семён", "Сёма"),
    ("Сергей", "Серёжа"), ("Станислав", "Стас"), ("Степан", "Стёпа"), ("Татьяна", "Таня"), ("Фёдор", "Федя"),
    ("Эдуард", "Эдик"), ("Юлия", "Юля"), ("Юрий", "Юра"), ("Яков", "Яша"), ("Ярослав", "Ярик"),
]  # fmt: skip


def _common() -> set[str]:
    return {skeleton(full) for full, _short in SHORT_FORMS}


def _surname(male: str, sex: str) -> str:
    if sex == "male" or male.endswith(("ко", "ян")):
        return male
    return male[:-2] + "ая" if male.endswith("ий") else male + "а"


def _patronymic(words: Words, sex: str) -> str:
    father = words.pick(words.given["male"])
    if father.endswith(("й", "ь")):
        father = father[:-1] + "е"
    ends = ("вич", "вна") if father.endswith("е") else ("ович", "овна")
    return father.rstrip("ая") + ends[sex == "female"]


def _number(chance: random.Random) -> str:
    return f"+79{chance.randrange(10**8, 10**9)}"


def _spelt(number: str, chance: random.Random) -> str:
    code, a, b, c = number[2:5], number[5:8], number[8:10], number[10:]
    return chance.choice(
        ("+7 {} {}-{}-{}", "8 ({}) {}-{}-{}", "8{}{}{}{}", "+7{}{}{}{}", "7 {} {} {} {}", "8-{}-{}-{}-{}")
    ).format(code, a, b, c)


def _birthday(chance: random.Random) -> str:
    return f"{chance.randrange(1950, 2008)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
