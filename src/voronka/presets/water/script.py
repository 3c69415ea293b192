"""A demo company that delivers water: its people, and what they do with a deal on each stage."""

from datetime import timedelta

from voronka.clients.actions import add_address, change_contact
from voronka.deals.actions import change_deal
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.staff.models import Person

from ..living.days import Days
from ..living.people import Hire, five_days
from ..living.script import DAY, HOUR, Opening, Scene, Script, Sender, Stop, Talk, Turn
from . import words

DAY_ON, DAY_OFF = frozenset({0, 3}), frozenset({1, 2})

HIRES = (
    Hire(login="galina", name="Галина Ситникова", role="operator", team="Операторы", hours=(8, 20), works=DAY_ON),
    Hire(
        login="rita", name="Рита Хасанова", role="operator", partner="galina", team="Операторы", hours=(8, 20),
        works=DAY_OFF,
    ),
    Hire(login="denis", name="Денис Пахомов", role="operator", team="Операторы", hours=(8, 20), works=DAY_ON),
    Hire(
        login="lena", name="Лена Гущина", role="operator", partner="denis", team="Операторы", hours=(8, 20),
        works=DAY_OFF,
    ),
    five_days("alina", "Алина Штерн", "operator", "Работа с организациями"),
    Hire(login="viktor", name="Виктор Чалый", role="head", hours=(9, 19), cycle=7, works=frozenset({0, 1, 2, 3, 4, 6})),
    five_days("sonya", "Соня Минц", "marketer", hours=(10, 19)),
    five_days("boris", "Борис Кристалл", "director", hours=(10, 19)),
)  # fmt: skip


def order(scene: Scene) -> dict:
    bottles = scene.rng.randint(2, 12)
    return {
        "place": scene.deal.fields.get("place") or scene.one(words.ADDRESSES),
        "bottles": bottles,
        "empties": max(0, bottles - scene.rng.randint(0, 3)),
        "deliver_on": scene.in_days(0, 2),
        "window": scene.one(("morning", "day", "evening")),
        "pays": scene.one(("link", "cash", "card", "invoice")),
        "amount": bottles * 290,
        "period": scene.deal.fields.get("period") or scene.one(("days14", "days30", "days30", "days60")),
    }


def first_talk(scene: Scene) -> dict:
    return {"bottles": scene.rng.randint(2, 6), "equipment": [scene.one(("pump", "cooler", "ours", "none"))]}


def paid(scene: Scene) -> dict:
    return {"paid": "да", "order_1c": f"УТ-{scene.deal.pk + 20000}"}


def earlier_order(days: Days, number: int, person: Person) -> dict:
    """An order of somebody who has taken water for long; each third is called every two weeks."""
    return {
        "place": words.ADDRESSES[number % len(words.ADDRESSES)],
        "bottles": str(2 + number % 6),
        "paid": "да",
        **({} if number % 8 == 7 else {"period": ("days14", "days30", "days30", "days60")[number % 4]}),
    }


def client_of_years(days: Days, number: int, deal: Deal) -> None:
    """Where they live, when they were born, and for some a birthday in these months."""
    by = deal.responsible.actor
    add_address(deal.company_id, by=by, text=deal.fields["place"])
    day = days.local(clock.now()).date() + timedelta(days=3 + 2 * number)
    if deal.contact and number % 2:
        change_contact(
            deal.contact.pk, by=by, values={"birthday": day.replace(year=1970 + number % 30, day=min(day.day, 28))}
        )
    change_deal(deal.pk, by=by, values={"amount": 290 * int(deal.fields["bottles"])})


LOST = words.LOSS
GONE = (("gone", 4), ("asked", 3), ("away", 3))


def warm(low: float, high: float, revived: int) -> Stop:
    """So many days of silence, then alive again or not."""
    return Stop(
        turns=(
            Turn(to="revived", weight=revived, wait=(low * DAY, high * DAY), notes=words.WARM_NOTES),
            Turn(to="lost", weight=100 - revived, wait=(low * DAY, 2 * high * DAY), reasons=GONE),
        )
    )


STOPS = {
    "sale/advice": Stop(
        talk=Talk(wait=(2, 30), values=first_talk, notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(to="order", weight=68, wait=(10, 5 * HOUR), values=order),
            Turn(to="order", weight=7, wait=(26 * HOUR, 2 * DAY), values=order),
            Turn(to="lost", weight=25, wait=(HOUR, DAY), reasons=LOST),
        ),
    ),
    "sale/order": Stop(
        turns=(
            Turn(to="delivery", weight=95, wait=(20, 3 * HOUR)),
            Turn(to="lost", weight=5, wait=(HOUR, 4 * HOUR), reasons=LOST),
        )
    ),
    "sale/delivery": Stop(
        turns=(
            Turn(weight=85, at=lambda scene: scene.at("deliver_on", 15), values=paid),
            Turn(weight=15, at=lambda scene: scene.at("deliver_on", 12, days=2), values=paid),
        )
    ),
    "round/planned": Stop(
        turns=(
            Turn(to="talk", weight=82, wait=(40, DAY)),
            Turn(to="talk", weight=18, wait=(50 * HOUR, 4 * DAY)),
        )
    ),
    "round/talk": Stop(
        turns=(
            Turn(to="order", weight=55, wait=(3, 40), values=order),
            Turn(to="later", weight=22, wait=(3, 30), values=lambda s: {"call_on": s.in_days(2, 6)}),
            Turn(to="lost", weight=23, wait=(5, 90), reasons=LOST),
        )
    ),
    "round/later": Stop(
        turns=(
            Turn(to="order", weight=60, at=lambda scene: scene.at("call_on", 11), values=order),
            Turn(to="lost", weight=40, at=lambda scene: scene.at("call_on", 13), reasons=LOST),
        )
    ),
    "warm/dear": warm(15, 24, 45),
    "warm/no_need": warm(31, 36, 60),
    "warm/elsewhere": warm(22, 28, 35),
    "warm/unreached": warm(2, 7, 45),
    "warm/quality": warm(0.5, 2.5, 70),
    "warm/moved": warm(3, 12, 50),
}

SCRIPT = Script(
    company="Кристально чистая вода",
    hires=HIRES,
    takes="operator",
    hours=(8, 20),
    week=(5, 5, 5, 5, 6, 4, 3),
    senders=(
        Sender(
            title="Сайт, заказ воды",
            profile="tilda",
            weight=50,
            page="https://voda.example/zakaz",
            forms=("Заказать воду", "Перезвоните мне"),
            mapping={"Бутылей": "deal.bottles", "Адрес": "deal.place"},
            fields=lambda rng: {"Бутылей": str(rng.randint(1, 6)), "Адрес": rng.choice(words.ADDRESSES)},
        ),
        Sender(
            title="Квиз «Сколько воды нужно»",
            profile="marquiz",
            channel="quiz",
            weight=26,
            page="https://voda.example/skolko",
            forms=("Сколько воды вам нужно",),
            fields=lambda rng: {"Сколько вас?": str(rng.randint(1, 6)), "Куда везти?": rng.choice(("Домой", "В офис"))},
        ),
        Sender(title="Форма для организаций", profile="form", weight=24, page="https://voda.example/ofis"),
    ),
    words=words,
    stops=STOPS,
    by_hand=frozenset({"again", "round-call", "round-later", "not-delivered", "deal-without-task", "warm-moved"}),
    chores={
        "quality": ("Забрали партию, привезли другую, клиент остался", "Позвонил, извинился, лаборатория в норме"),
        "inquiry": ("Ответила",),
        "check": ("Привезли, оплачено", "Перенесли на завтра, клиент знает"),
    },
    walk_in="Зашли в пункт самовывоза",
    openings=(
        Opening(
            funnel="sale", stage="paid", role="operator", before=44, titles=("Вода, постоянный клиент",),
            values=earlier_order, act=client_of_years,
        ),
        Opening(
            funnel="sale", stage="paid", role="operator", before=18, firm=True, titles=("Вода в офис: {name}",),
            values=earlier_order, act=client_of_years,
        ),
    ),
    returns={"warm/revived": (0.2, 2, 9)},
    loss_comments=("Просили скважину, а не воду", "Закрыли офис"),
)  # fmt: skip
