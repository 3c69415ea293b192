"""A demo chain of fitness centres: its people, and what they do with a deal on each stage."""

from datetime import timedelta

from voronka.staff.models import Location, Person

from ..living.days import Days
from ..living.people import EVERY_DAY, Hire, five_days
from ..living.script import DAY, HOUR, Errand, Opening, Scene, Script, Sender, Stop, Talk, Turn
from . import words

THREE = {0: frozenset({0, 1}), 1: frozenset({2, 3}), 2: frozenset({0, 3})}


def manager(login: str, name: str, shift: int) -> Hire:
    return Hire(
        login=login, name=name, role="manager", team="Отдел продаж", brands=None, hours=(9, 21), works=THREE[shift]
    )


def reception(login: str, name: str, *locations: str) -> Hire:
    return Hire(
        login=login, name=name, role="administrator", team="Ресепшен", brands=None, locations=locations, hours=(8, 22),
        cycle=7, works=EVERY_DAY,
    )  # fmt: skip


HIRES = (
    manager("olesya", "Олеся Громова", 0),
    manager("marat", "Марат Юсупов", 1),
    manager("svetlana", "Светлана Ильина", 2),
    reception("dasha", "Даша Климова", "severnyy", "primorskiy"),
    reception("kirill", "Кирилл Носов", "tsentr", "yuzhnyy"),
    five_days("eva", "Ева Маркина", "marketer", "Маркетинг", brands=None, hours=(10, 19)),
    Hire(login="ilya", name="Илья Ветров", role="head", brands=None, hours=(10, 19), cycle=7, works=EVERY_DAY - {6}),
    five_days("vladislav", "Владислав Орехов", "director", brands=None, hours=(10, 19)),
)


def interest(scene: Scene) -> dict:
    values = {"goal": scene.one(("shape", "health", "water", "classes", "kids", "muscles")), "location": centre(scene)}
    return values | (visit(scene) if scene.rng.random() < 0.5 else {})


def centre(scene: Scene) -> int:
    return scene.rng.choice(list(Location.objects.order_by("pk").values_list("pk", flat=True)))


def visit(scene: Scene) -> dict:
    needed = {} if scene.deal.location_id else {"location": centre(scene)}
    return needed | {"visit_date": scene.in_days(1, 5), "visit_time": scene.one(("10:00", "13:00", "18:30", "19:30"))}


def purchase(scene: Scene) -> dict:
    service, amount, months = scene.rng.choice(words.SERVICES)
    return {
        "service": service,
        "amount": amount,
        "starts_on": scene.in_days(0, 3),
        "ends_on": scene.in_days(30 * months, 30 * months + 3),
        "paid": "да",
        "contract": f"А-{scene.deal.pk + 3000}",
    }


def membership(days: Days, number: int, person: Person) -> dict:
    """A membership bought before the story begins; they end one after another through all of it."""
    ends_on = days.days()[0] + timedelta(days=16 + 2 * number)
    return {"service": "full", "paid": "да", "ends_on": ends_on.isoformat(), "goal": "shape"}


LOST = words.LOSS

STOPS = {
    "leads/work": Stop(
        talk=Talk(wait=(2, 40), notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(to="interest", weight=56, wait=(10, 6 * HOUR), values=interest),
            Turn(to="interest", weight=8, wait=(26 * HOUR, 2 * DAY), values=interest),
            Turn(
                to="no",
                weight=36,
                wait=(HOUR, 20 * HOUR),
                reasons=(("dear", 9), ("silent", 9), ("far", 5), ("other_club", 4), ("spam", 2), ("other", 1)),
            ),
        ),
    ),
    "memberships/undated": Stop(
        talk=Talk(wait=(20, 5 * HOUR), notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(weight=66, wait=(2 * HOUR, 2 * DAY), values=visit),
            Turn(weight=14, wait=(4 * DAY, 6 * DAY), values=visit),
            Turn(to="lost", weight=20, wait=(DAY, 5 * DAY), reasons=LOST),
        ),
    ),
    "memberships/dated": Stop(
        turns=(
            Turn(weight=58, at=lambda s: s.at("visit_date", 19), values=purchase, notes=words.VISIT_NOTES),
            Turn(weight=17, at=lambda s: s.at("visit_date", 16, days=2), values=purchase),
            Turn(to="lost", weight=25, at=lambda s: s.at("visit_date", 15, days=1), reasons=LOST),
        )
    ),
}

SCRIPT = Script(
    company="Атлетика",
    hires=HIRES,
    takes="manager",
    hours=(9, 21),
    week=(7, 6, 6, 5, 5, 4, 4),
    senders=(
        Sender(
            title="Сайт «Атлетики»", profile="tilda", weight=40, brand="atletika", page="https://atletika.example/",
            forms=("Гостевой визит", "Узнать цену", "Обратный звонок"),
        ),
        Sender(
            title="Квиз «Какой абонемент вам нужен»", profile="marquiz", channel="quiz", weight=22, brand="atletika",
            page="https://atletika.example/quiz", forms=("Какой абонемент вам нужен",),
            mapping={"Зачем приходите?": "deal.goal"},
            fields=lambda rng: {"Зачем приходите?": rng.choice(("Фигура", "Бассейн", "Групповые", "Сила"))},
        ),
        Sender(title="Лид-форма VK", profile="form", channel="vk", weight=24, brand="atletika", page="https://vk.example/"),
        Sender(
            title="Агрегатор «Фитнес-карта»", profile="json", channel="aggregator", weight=14,
            mapping={"brand": "brand"}, fields=lambda rng: {"brand": "Атлетика"},
        ),
    ),
    words=words,
    stops=STOPS,
    by_hand=frozenset({"lead-taken", "again", "no-task", "undated-long", "after-visit"}),
    chores={
        "visit": ("Пришла, показала бассейн", "Не пришёл, написал", "Провела по залу, считает абонемент"),
        "renewal": ("Продлит на год", "Думает, перезвоню в четверг", "Уезжает, заморозили"),
        "meeting": ("Разобрали 14 карточек, у двоих нет даты окончания",),
        "inquiry": ("Ответила",),
    },
    walk_in="Зашли посмотреть центр",
    openings=(
        Opening(
            funnel="memberships", stage="bought", role="manager", before=40, titles=("Полный день, год",),
            values=membership, amount=34_900,
        ),
    ),
    errands=(
        Errand(
            login="eva", kind="other", title="Собрать сегмент для дня открытых дверей", weekday=1, days=2,
            results=("Собрала 140 человек, отдала на рассылку", "Без тех, кто был в октябре: 86"),
        ),
    ),
    returns={"memberships/lost": (0.15, 10, 40)},
    loss_comments=("Родила, вернётся весной", "Ищет секцию ребёнку"),
)  # fmt: skip
