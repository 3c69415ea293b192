"""Who works there."""

from ..living.people import EVERY_DAY, Hire, five_days

DAY_ON, DAY_OFF = frozenset({0, 3}), frozenset({1, 2})

#: 2/2: today is a working day of the first of each pair.
HIRES = (
    Hire(login="maria", name="Мария Тен", role="manager", team="Первые продажи", brands=None, works=DAY_ON),
    Hire(
        login="dmitry", name="Дмитрий Лосев", role="manager", partner="maria", team="Первые продажи", brands=None,
        works=DAY_OFF,
    ),
    Hire(login="anna", name="Анна Крылова", role="manager", team="Повторные продажи", brands=None, works=DAY_ON),
    Hire(
        login="vera", name="Вера Зотова", role="manager", partner="anna", team="Повторные продажи", brands=None,
        works=DAY_OFF,
    ),
    Hire(login="stepan", name="Степан Кольцов", role="manager", team="Первые продажи", brands=None, works=DAY_OFF),
    Hire(
        login="oleg", name="Олег Верещагин", role="head", brands=None, hours=(10, 19), cycle=7, works=EVERY_DAY - {5}
    ),
    Hire(
        login="polina", name="Полина Юдина", role="administrator", team="Локации", brands=("chas-iks",),
        locations=("sennaya", "ligovskiy"), hours=(10, 23), cycle=7, works=EVERY_DAY,
    ),
    Hire(
        login="ruslan", name="Руслан Гареев", role="administrator", team="Локации", brands=("zagadka",),
        locations=("petrogradskaya", "vyborgskaya"), hours=(10, 23), cycle=7, works=EVERY_DAY,
    ),
    Hire(
        login="liliya", name="Лилия Ахметова", role="administrator", team="Локации", brands=("chas-iks",),
        locations=("vasilyevskiy", "moskovskaya", "udelnaya"), hours=(10, 23), cycle=7, works=EVERY_DAY,
    ),
    Hire(
        login="igor", name="Игорь Панин", role="administrator", team="Локации", brands=("zagadka",),
        locations=("narvskaya", "obvodnyy"), hours=(10, 23), cycle=7, works=EVERY_DAY,
    ),
    Hire(
        login="zhanna", name="Жанна Котова", role="administrator", team="Локации", brands=("tayny-khod",),
        locations=("sadovaya", "chkalovskaya", "novocherkasskaya"), hours=(10, 23), cycle=7, works=EVERY_DAY,
    ),
    Hire(login="inga", name="Инга Лоза", role="marketer", brands=None, hours=(10, 19), cycle=7, works=EVERY_DAY - {4}),
    five_days("ekaterina", "Екатерина Соболева", "director", brands=None, hours=(11, 19)),
)  # fmt: skip
