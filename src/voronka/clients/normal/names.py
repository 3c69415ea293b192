"""What a person's name says, however it was typed: parts in any order, either alphabet, short forms, initials."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from voronka.kernel import phone

from ..layout import is_slip, other_layout
from .latin import skeleton

MALE, FEMALE = "m", "f"
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?")
_EMAIL = re.compile(r"\S+@\S+")
#: What stands in a name field and is nobody's name.
_NOISE = frozenset(
    map(
        skeleton,
        (
            *(
                "господин",
                "госпожа",
                "клиент",
                "заказчик",
                "контакт",
                "имя",
                "тел",
                "телефон",
                "моб",
                "мобильный",
                "раб",
            ),
            *("звонить", "без", "имени", "неизвестно", "нет", "мама", "папа", "муж", "жена", "брат", "сестра", "ип"),
            *("mr", "mrs", "ms", "dr", "whatsapp", "вотсап", "telegram", "телеграм", "вк", "авито"),
        ),
    )
)
_MALE_PATRONYMIC = re.compile(r"(ov|ev|i)ich$|(lich|mich|kich|nich)$")
_FEMALE_PATRONYMIC = re.compile(r"(ov|ev|ich|inich)na$|inishna$")
_SURNAME = re.compile(r"(ov|ev|in|ova|eva|ina|ski|cki|skaia|ckaia|enko|chuk|iuk|ian|shvili|dze)$")
_FEMININE = ((re.compile("(sk|ck)aia$"), r"\1i"), (re.compile("(ov|ev|in)a$"), r"\1"), (re.compile("aia$"), "i"))
_FEMALE_SURNAME = re.compile(r"(ov|ev|in)a$|aia$")
_MALE_SURNAME = re.compile(r"(ov|ev|in|sk|ck|ski|cki)$")


@dataclass(frozen=True)
class Name:
    """Skeletons of the parts. `given` is as typed, `full` what it may be short for; an initial ends with a dot.

    `surname` is the same for a man and a woman. `gender`: MALE, FEMALE or empty.
    """

    given: str = ""
    surname: str = ""
    patronymic: str = ""
    gender: str = ""

    @property
    def full(self) -> tuple[str, ...]:
        return full_names(self.given, self.gender)


def read(text: str) -> Name:
    """The parts of a name, without the phones and addresses that were typed beside it."""
    words = [word for word in _words(text) if skeleton(word) and skeleton(word) not in _NOISE]
    return _roles([_part(word) for word in words]) if words else Name()


def full_names(given: str, gender: str = "") -> tuple[str, ...]:
    """The names that one is, or may be short for; itself when it is in no list."""
    meant = _known().get(given, ())
    fitting = tuple(full for full, whose in meant if not gender or whose == gender)
    return fitting or tuple(full for full, _whose in meant) or ((given,) if given else ())


def is_initial(part: str) -> bool:
    return part.endswith(".")


def is_patronymic(word: str) -> bool:
    return len(word) > 5 and bool(_MALE_PATRONYMIC.search(word) or _FEMALE_PATRONYMIC.search(word))


def neutral(surname: str) -> str:
    """«Иванова» is the surname «Иванов»."""
    for ending, plain in _FEMININE:
        if ending.search(surname):
            return ending.sub(plain, surname)
    return surname


def _words(text: str) -> list[str]:
    plain = _EMAIL.sub(" ", phone.without_phones(text) if any(sign.isdigit() for sign in text) else text)
    words = _WORDS.findall(plain)
    if words and not any(_is_name(word) for word in words):
        other = _WORDS.findall(other_layout(plain))
        if any(_is_name(word) for word in other) or is_slip(plain):
            return other
    return words


def _part(word: str) -> str:
    letters = word.rstrip(".")
    return skeleton(letters) + ("." if len(letters) == 1 else "")


def _is_name(word: str) -> bool:
    return skeleton(word) in _known() or is_patronymic(skeleton(word))


def _roles(words: list[str]) -> Name:
    """Which word is what: by the lists, by endings, then by place («Иванов Иван», «Иван Иванов»)."""
    patronymic = next((word for word in words[::-1] if is_patronymic(word) and len(words) > 1), "")
    rest = [word for word in words if word != patronymic]
    initials = [word for word in rest if is_initial(word)]
    rest = [word for word in rest if not is_initial(word)]
    given = _given_of(rest, after_surname=bool(patronymic) and words[-1] == patronymic and len(rest) > 1)
    if given:
        rest.remove(given)
    elif initials:
        given = initials.pop(0)
    if not patronymic and initials:
        patronymic = initials[0]
    surname = max(rest, key=len, default="")
    gender = _gender(given, surname, patronymic)
    return Name(given=given, surname=neutral(surname), patronymic=patronymic, gender=gender)


def _given_of(words: list[str], *, after_surname: bool) -> str:
    known = [word for word in words if word in _known()]
    if len(known) == 1:
        return known[0]
    choice = known or [word for word in words if not _SURNAME.search(word)] or words[1:]
    if not choice or (len(words) == 1 and not known and _SURNAME.search(words[0])):
        return ""
    if len(choice) > 1:
        plain = [word for word in choice if not _SURNAME.search(word)]
        choice = plain or choice
    return choice[-1] if after_surname else choice[0]


@lru_cache(maxsize=100_000)
def _gender(given: str, surname: str, patronymic: str) -> str:
    if _FEMALE_PATRONYMIC.search(patronymic):
        return FEMALE
    if _MALE_PATRONYMIC.search(patronymic):
        return MALE
    genders = {gender for _full, gender in _known().get(given, ())}
    if len(genders) == 1:
        return genders.pop()
    if _FEMALE_SURNAME.search(surname):
        return FEMALE
    return MALE if _MALE_SURNAME.search(surname) else ""


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every form of a given name → (full name, gender) it may stand for."""
    found: dict[str, list[tuple[str, str]]] = {}
    text = resources.files(__package__).joinpath("given_names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        letter, full, *short = line.split()
        meaning = (skeleton(full), MALE if letter == "м" else FEMALE)
        for form in (full, *short):
            forms = found.setdefault(skeleton(form), [])
            if meaning not in forms:
                forms.append(meaning)
    return {form: tuple(meanings) for form, meanings in found.items()}
