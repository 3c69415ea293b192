"""Whether a Russian sentence about a person says «взял» or «взяла»: told by the first name, as people tell it."""

#: Men's names that end like women's.
_HE = frozenset(
    [
        "никита",
        "илья",
        "лука",
        "фома",
        "кузьма",
        "савва",
        "данила",
        "гаврила",
        "ерёма",
        "михайла",
        "саша",
        "женя",
        "валя",
        "паша",
        "дима",
        "коля",
        "ваня",
        "петя",
        "вова",
        "гоша",
        "костя",
        "слава",
        "толя",
        "юра",
        "серёжа",
        "сережа",
        "андрюша",
        "алёша",
        "алеша",
        "лёша",
        "леша",
        "витя",
        "гриша",
        "федя",
        "сеня",
        "стёпа",
        "степа",
        "боря",
        "вася",
        "веня",
        "миша",
        "гена",
        "лёня",
        "леня",
        "рома",
        "жора",
        "сёма",
        "сема",
        "муса",
        "иса",
        "мустафа",
    ]
)
#: Women's names that end like men's.
_SHE = frozenset(
    [
        "любовь",
        "нинель",
        "ассоль",
        "адель",
        "айгуль",
        "гузель",
        "николь",
        "эсфирь",
        "юдифь",
        "рахиль",
        "мишель",
        "айсель",
        "асель",
        "жанет",
    ]
)


def is_she(name: str) -> bool:
    """«Мария Тен» is, «Илья Гром» is not. A doubtful name is read as a man's."""
    first = (name or "").split()[0].lower() if (name or "").split() else ""
    return first in _SHE or (first.endswith(("а", "я")) and first not in _HE)
