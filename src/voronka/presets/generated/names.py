"""Names, numbers and addresses by the million, spread as in life: some surnames are everywhere, most are rare."""

from itertools import accumulate
from random import Random

from ..living.names import MEN, SURNAMES, WOMEN, latin, listed

_RARE = listed(
    "Авдеев Агафонов Аксёнов Акимов Алёхин Анисимов Аникин Антипов Артемьев Архипов Астахов Балашов Басов Беликов "
    "Беспалов Блинов Бобров Бондарев Борисенков Брагин Булгаков Бурков Быков Вавилов Васильев Вдовин Вершинин "
    "Вишняков Воронин Воронцов Высоцков Галкин Глебов Глухов Головин Голованов Гончаров Горелов Горшков Гришин "
    "Громов Губанов Гуляев Гуров Давыденков Дегтярёв Дементьев Демидов Дёмин Дмитриев Долгов Дорофеев Дроздов "
    "Дружинин Дубинин Дубов Евдокимов Евсеев Елисеев Емельянов Еремеев Еремин Ерофеев Ершов Ефимов Ефремов Жаров "
    "Жданов Журавлёв Завьялов Золотарёв Золотов Зорин Зотов Зубков Зубов Зуев Зыков Игнатьев Измайлов Ионов "
    "Исаков Кабанов Калашников Капустин Карасёв Карташов Касаткин Касьянов Кириллов Климов Князев Ковалёв "
    "Кожевников Колесников Колосов Колпаков Кольцов Комиссаров Кондратов Кондратьев Коновалов Кононов "
    "Константинов Копылов Корнеев Корнилов Коровин Коротков Костин Котов Кочетков Кошелев Кравцов Краснов Круглов "
    "Крюков Крючков Кудрявцев Кудряшов Кузьмин Куликов Куприянов Курочкин Лавров Лазарев Ларин Ларионов Латышев "
    "Левшин Леонов Леонтьев Литвинов Лобанов Лобов Лопатин Лосев Лукин Лукьянов Лыков Львов Любимов Майоров "
    "Малахов Малинин Малышев Мальцев Маркелов Мартынов Маслов Матвеев Мешков Мещеряков Минаев Минин Митрофанов "
    "Моисеев Молчанов Муравьёв Мухин Мясников Некрасов Нестеров Нечаев Никифоров Никонов Никулин Новожилов Носков "
    "Носов Овсянников Овчаров Одинцов Озеров Олейников Орехов Островин Павловин Панин Панков Панов Парамонов "
    "Пахомов Пестов Петухов Пименов Пирогов Плотников Покровин Пономарёв Потапов Прокофьев Пугачёв Раков Рожков "
    "Родин Родионов Розанов Румянцев Русаков Рыбин Рябинин Рябов Савин Савицков Сазонов Самойлов Самсонов Сафонов "
    "Свиридов Севастьянов Седов Селезнёв Селиванов Серов Сизов Симонов Ситников Скворцов Смоленцев Снегирёв "
    "Соболевин Софронов Спиридонов Стариков Старостин Столяров Субботин Суворов Суслов Суханов Сухов Сычёв "
    "Терентьев Терехов Тимофеев Тихомиров Токарев Толкачёв Третьяков Трифонов Трофимов Троицков Туманов Уваров "
    "Успенцев Устинов Федосеев Федотов Фетисов Филиппов Фокин Фомичёв Харитонов Хохлов Худяков Царёв Цветков "
    "Чеботарёв Черепанов Черкасов Чернышёв Чижов Чистяков Шапошников Шевелёв Шестаков Шилов Ширяев Шишкин Шмелёв "
    "Шубенков Шувалов Щеглов Щукин Юдин Юшков Якушев"
)
_ALL = SURNAMES + _RARE
_PATRONYMICS = listed(
    "Александров Алексеев Андреев Борисов Викторов Владимиров Михайлов Николаев Олегов Павлов Романов Сергеев "
    "Степанов Юрьев Игорев Евгеньев"
)
_STREETS = (
    "Невский пр.", "Московский пр.", "Лиговский пр.", "пр. Энгельса", "пр. Просвещения", "ул. Савушкина",
    "Гаккелевская ул.",
    "пр. Ветеранов", "Ленинский пр.", "ул. Будапештская", "пр. Славы", "ул. Бухарестская", "Гражданский пр.",
    "ул. Марата", "Садовая ул.", "ул. Восстания", "Большой пр. В. О.", "Каменноостровский пр.", "ул. Типанова",
    "Комендантский пр.", "ул. Коллонтай", "пр. Большевиков", "Заневский пр.", "Суздальский пр.", "ул. Кирочная",
)  # fmt: skip
_FIRMS = (
    "Балтика", "Вектор", "Гранит", "Дельта", "Заря", "Исток", "Каскад", "Контур", "Лидер", "Маяк", "Меридиан", "Нева",
    "Оникс", "Орион", "Парус", "Полюс", "Прогресс", "Радуга", "Ритм", "Север", "Сигма", "Созвездие", "Спектр", "Старт",
    "Фарватер", "Форвард", "Циркуль", "Эверест", "Эталон", "Янтарь",
)  # fmt: skip
_TRADES = ("Строй", "Торг", "Сервис", "Медиа", "Логистик", "Проект", "Тех", "Мед", "Фуд", "Софт", "Дизайн", "Право")
_CODES = listed(
    "900 901 902 903 904 905 906 909 910 911 911 911 912 915 916 917 918 919 920 921 921 921 922 925 926 927 929 "
    "931 931 950 951 952 953 960 961 962 963 964 965 967 968 969 977 981 981 985 999"
)
_MAILS = ("mail.example", "post.example", "yandeks.example", "pochta.example")
#: Steps through all seven-digit numbers before one comes again; the code changes with each round.
_STRIDE, _NUMBERS = 3_141_593, 10_000_000
_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


class Names:
    """Everything here follows from `rng`."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        order = _ALL[:]
        rng.shuffle(order)
        weights = list(accumulate(1 / (place + 12) for place in range(len(order))))
        self._surnames = rng.choices(order, cum_weights=weights, k=16_384)
        self._people = 0

    def pick(self, values):
        """One of a sequence; four times as fast as `rng.choice`."""
        return values[int(self.rng.random() * len(values))]

    def surname(self) -> str:
        """As a man bears it; a woman's has «а» after it."""
        return self.pick(self._surnames)

    def adult(self, surname: str, *, woman: bool) -> str:
        """Sometimes the first name alone, sometimes with the patronymic."""
        first, ending = (self.pick(WOMEN), "а") if woman else (self.pick(MEN), "")
        chance = self.rng.random()
        if chance < 0.12:
            return first
        if chance < 0.3:
            return f"{surname}{ending} {first} {self.pick(_PATRONYMICS)}{'на' if woman else 'ич'}"
        return f"{first} {surname}{ending}"

    def child(self, surname: str) -> str:
        girl = self.rng.random() < 0.5
        return f"{self.pick(WOMEN)} {surname}а" if girl else f"{self.pick(MEN)} {surname}"

    def phone(self) -> str:
        """E.164; no two the same."""
        self._people += 1
        turn, number = divmod(self._people * _STRIDE, _NUMBERS)
        return f"+7{_CODES[(turn + number) % len(_CODES)]}{number:07d}"

    def email(self, name: str, number: int) -> str:
        return f"{'.'.join(latin(word) for word in name.split()[:2])}{number}@{self.pick(_MAILS)}"

    def address(self) -> str:
        return f"{self.pick(_STREETS)}, {int(self.rng.random() * 140) + 1}, кв. {int(self.rng.random() * 280) + 1}"

    def firm(self) -> str:
        return f"ООО «{self.pick(_FIRMS)}{self.pick(_TRADES)} {int(self.rng.random() * 99) + 1}»"

    def inn(self) -> str:
        """Of a legal entity, with its control digit."""
        digits = f"78{int(self.rng.random() * 10_000_000):07d}"
        control = sum(int(digit) * weight for digit, weight in zip(digits, _INN_WEIGHTS, strict=True)) % 11 % 10
        return f"{digits}{control}"
