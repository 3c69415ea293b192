"""Believable Russian people. The telephone numbers are of a range kept for nobody."""

from dataclasses import dataclass
from random import Random


def listed(words: str) -> list[str]:
    return words.split()


WOMEN = listed(
    "Анастасия Алина Анна Валерия Вера Виктория Дарья Евгения Екатерина Елена Жанна Инна Ирина Карина "
    "Кристина Ксения Лариса Любовь Людмила Маргарита Марина Мария Надежда Наталья Оксана Ольга Полина "
    "Светлана София Татьяна Юлия Яна "
)
MEN = listed(
    "Александр Алексей Андрей Антон Артём Борис Вадим Василий Виктор Владимир Георгий Глеб Данила Денис "
    "Дмитрий Евгений Егор Иван Илья Кирилл Константин Максим Михаил Никита Николай Олег Павел Пётр Роман "
    "Руслан Рустам Сергей Степан Тимур Фёдор Юрий Ярослав "
)
SURNAMES = listed(
    "Абрамов Алексеев Андреев Антонов Афанасьев Баранов Белов Беляев Богданов Борисов Виноградов Власов "
    "Волков Волошин Воробьёв Гаврилов Герасимов Голубев Горбунов Григорьев Гусев Давыдов Данилов Денисов "
    "Егоров Ежов Ермаков Жуков Зайцев Захаров Зимин Иванов Игнатов Ильин Исаев Казаков Калинин Карпов "
    "Киселёв Козлов Комаров Королёв Крылов Кудрин Кузнецов Лаптев Лебедев Левин Логинов Макаров Максимов "
    "Марков Медведев Мельников Миронов Михайлов Морозов Назаров Наумов Никитин Николаев Новиков "
    "Овчинников Орлов Осипов Павлов Петров Поляков Попов Прохоров Рогов Романов Рыбаков Савельев Семёнов "
    "Сергеев Сидоров Смирнов Соболев Соколов Соловьёв Сорокин Степанов Тарасов Титов Тихонов Ушаков "
    "Фёдоров Филатов Фомин Фролов Чернов Шаров Шубин Щербаков Юрьев Яковлев "
)
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        listed("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya"),
        strict=True,
    )
)


@dataclass(frozen=True)
class Client:
    """Somebody who asks. `spelled`: the phone as this person types it."""

    name: str
    phone: str
    spelled: str
    email: str
    address: str


def client(rng: Random, number: int) -> Client:
    """The `number`-th client; numbers give different phones."""
    woman = rng.random() < 0.6
    surname = rng.choice(SURNAMES) + ("а" if woman else "")
    first = rng.choice(WOMEN if woman else MEN)
    tail = f"{number * 37 % 100_000:05d}"
    digits = f"90000{tail}"
    return Client(
        name=first if rng.random() < 0.25 else f"{first} {surname}",
        phone=f"+7{digits}",
        spelled=_spell(rng, digits),
        email=f"{latin(first)}.{latin(surname)}{number}@mail.example",
        address=f"203.0.113.{number % 250 + 1}",
    )


def latin(word: str) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in word.lower()).replace("-", "")


def _spell(rng: Random, digits: str) -> str:
    code, a, b, c = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return rng.choice(
        (f"+7 ({code}) {a}-{b}-{c}", f"8 {code} {a} {b} {c}", f"+7{digits}", f"8{digits}", f"{code} {a}-{b}-{c}")
    )


_FIRMS = listed(
    "Стройгарант Монтажспецсервис Литейщик Техмаш Севзапстрой Каркас Энергопром Агроснаб Мостотряд Теплосеть "
    "Профметалл Крановый Вагонмаш Гидростром Модуль Фасадстрой Спецконструкция Ремтехника Кровля Артель Вектор "
    "Балтстрой Ижорец "
    "Станкосервис Резервуар Пожтехника Дорстрой Котломаш Лифтремонт Опора "
)


_BRANCHES = listed("Север Юг М СПб Плюс 21 Сервис Трейд Групп Балт Нева Инжиниринг Снаб Комплект Проект")


def firm(rng: Random, known: set[str]) -> str:
    """An organisation, «ООО «Техмаш-Север»», that is not `known` yet; it is from now on."""
    while (name := f"{rng.choice(_FIRMS)}-{rng.choice(_BRANCHES)}") in known:
        pass
    known.add(name)
    return f"{rng.choice(('ООО', 'ООО', 'АО'))} «{name}»"


def inn(rng: Random) -> str:
    """The taxpayer's number of an organisation, with a right checksum."""
    digits = [7, 8, *(rng.randrange(10) for _ in range(7))]
    return "".join(map(str, digits)) + str(
        sum(d * w for d, w in zip(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True)) % 11 % 10
    )
