"""Who works there and where inquiries come from."""

from dataclasses import dataclass

from voronka.intake.actions import register_source
from voronka.intake.models import Source
from voronka.kernel import actor
from voronka.staff.models import Brand

from ..living.people import Hire

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset({0, 1, 2, 3, 4})
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
    Hire(
        login="ekaterina", name="Екатерина Соболева", role="director", brands=None, hours=(11, 19), cycle=7,
        works=WEEKDAYS,
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sources:
    site: Source
    quiz: Source
    form: Source
    aggregator: Source


def open_sources() -> Sources:
    """A Tilda site, a Marquiz quiz, a plain form and an aggregator."""
    by = actor.system("demo")
    brands = {brand.key: brand for brand in Brand.objects.all()}
    origins = ["https://chas-iks.example"]
    return Sources(
        site=register_source(
            by=by, title="Сайт «Час Икс»", profile="tilda", brand=brands["chas-iks"], origins=origins,
            mapping={"Игроков": "deal.players", "Бюджет": "deal.budget", "Повод": "deal.occasion"},
        ),
        quiz=register_source(
            by=by, title="Квиз «Подобрать квест»", profile="marquiz", channel="quiz", brand=brands["zagadka"],
            mapping={"Сколько вас будет?": "deal.players", "Какой повод?": "deal.occasion"},
        ),
        form=register_source(
            by=by, title="Форма «Тайный ход»", profile="form", brand=brands["tayny-khod"], origins=["https://tayny-khod.example"],
            mapping={"players": "deal.players"},
        ),
        aggregator=register_source(
            by=by, title="Мир Квестов", profile="json", channel="aggregator",
            mapping={"people": "deal.players", "brand": "brand"},
        ),
    )  # fmt: skip
