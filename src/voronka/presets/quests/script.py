"""A demo company of quests: what its people do with a deal on each stage. Who they are is in `company.py`."""

from datetime import date, datetime, timedelta

from voronka.catalogue.models import Product
from voronka.deals.actions import add_line
from voronka.process.queries import active
from voronka.process.schema import Programme
from voronka.staff import queries as staff
from voronka.staff.models import Location, Person

from ..living.days import Days
from ..living.script import DAY, HOUR, Errand, Opening, Scene, Script, Sender, Stop, Talk, Turn
from . import words
from .company import HIRES

HOURS = ("10:00", "12:00", "14:00", "16:00", "18:00", "20:00")
OCCASIONS = ("birthday", "birthday", "friends", "family", "corporate", "school", "date")
OCCASION_TITLES = ("День рождения", "Компания друзей", "Семья с детьми", "Корпоратив", "Свидание")
BUDGETS = ("до 12000", "15000", "20000", "до 15 000 ₽", "18000")


def wish(scene: Scene) -> dict:
    budget = scene.rng.choice((10000, 12000, 15000, 18000, 20000, 25000))
    values = {
        "players": scene.deal.fields.get("players") or scene.rng.randint(3, 12),
        "budget": budget,
        "occasion": scene.one(OCCASIONS),
    }
    return values | ({"amount": budget} if scene.rng.random() < 0.5 else {})


def programme(scene: Scene) -> dict:
    """One of the deal's brand, the first ones of each location more often."""
    places = locations()
    mine = [item for item in programmes() if scene.deal.brand_id in (None, places[item.location].brand_id)]
    chosen = mine[int(len(mine) * scene.rng.random() ** 1.4)]
    extra = max(0, int(scene.deal.fields.get("players") or 4) - 4) * 1200
    return {"programme": chosen.key, "amount": int(chosen.price) + extra}


def booking(scene: Scene) -> dict:
    chosen = next(item for item in programmes() if item.key == scene.deal.fields["programme"])
    day = scene.today + timedelta(days=scene.rng.choices(range(1, 19), range(20, 2, -1))[0])
    if day.weekday() < 5 and scene.rng.random() < 0.6:
        day += timedelta(days=5 - day.weekday())
    return {
        "game_date": day.isoformat(),
        "game_time": scene.one(HOURS[2:] if day.weekday() < 5 else HOURS),
        "location": locations()[chosen.location].pk,
        "programme": chosen.key,
    }


def eve(scene: Scene) -> datetime:
    return scene.at("game_date", scene.rng.choice((10, 10, 11, 11, 11, 13, 16)), days=-1)


def after_game(scene: Scene) -> datetime:
    hour, minute = map(int, scene.deal.fields["game_time"].split(":"))
    day = date.fromisoformat(scene.deal.fields["game_date"])
    return scene.days.on(day, hour, minute) + timedelta(minutes=scene.rng.randint(80, 120))


def offer_more(scene: Scene) -> None:
    """The day before: something more is sold to some."""
    if scene.rng.random() < 0.38:
        goods = list(Product.objects.filter(is_upsell=True, is_active=True).order_by("pk"))
        add_line(scene.deal.pk, by=scene.me.actor, product=scene.rng.choice(goods))


def score(scene: Scene) -> dict:
    given = scene.shares.pick("score", (10, 9, scene.rng.randint(7, 8), scene.rng.randint(4, 6)), (38, 34, 17, 11))
    return {"score": given} | ({"wrong": scene.one(words.WRONG)} if given <= 6 else {})


def earlier_game(days: Days, number: int, person: Person) -> dict:
    """A game two months before one of the days of the story, the last ones first."""
    places = {place.key for place in person.locations.all()}
    mine = [item for item in programmes() if item.location in places]
    day = days.days()[-1] - timedelta(days=61 + number)
    return {
        "programme": mine[number % len(mine)].key,
        "game_date": day.isoformat(),
        "game_time": HOURS[number % len(HOURS)],
        "players": str(4 + number % 6),
        "score": "9",
    }


def programmes() -> list[Programme]:
    return active().company.programmes


def locations() -> dict[str, Location]:
    return {location.key: location for location in staff.locations().values()}


PLAYED = (((120, 1380), 70), ((1700, 2900), 20), ((2900, 5200), 10))

SALE = {
    "taken": Stop(
        talk=Talk(values=wish, notes=words.NOTES, results=words.TALKED, steps=words.NEXT_STEPS),
        turns=(
            Turn(to="picked", weight=58, wait=(90, 2300), values=programme),
            Turn(to="picked", weight=12, wait=(2300, 4300), values=programme),
            Turn(to="lost", weight=30, wait=(60, 2400), reasons=words.LOSS),
        ),
    ),
    "picked": Stop(
        turns=(
            Turn(to="booked", weight=78, wait=(150, 3300), values=booking, notes=words.NOTES),
            Turn(to="lost", weight=22, wait=(120, 3000), reasons=words.LOSS),
        )
    ),
    "booked": Stop(
        turns=(
            Turn(to="call1", weight=94, at=eve, notes=words.CALL_NOTES),
            Turn(to="lost", weight=6, at=eve, reasons=(("changed_mind", 1), ("postponed", 1))),
        )
    ),
    "call1": Stop(turns=(Turn(to="played", at=after_game, act=offer_more),)),
    "played": Stop(
        turns=tuple(
            Turn(to="reviewed", weight=weight, wait=wait, values=score, notes=words.REVIEWS) for wait, weight in PLAYED
        )
    ),
}

STOPS = {
    **{f"{funnel}/{key}": stop for funnel in ("first", "repeat") for key, stop in SALE.items()},
    "quality/call": Stop(
        turns=(
            Turn(to="scored", weight=75, wait=(2 * HOUR, 2 * DAY), notes=words.QUALITY_NOTES),
            Turn(to="unreachable", weight=25, wait=(DAY, 3 * DAY), reasons=(("no_answer", 3), ("refuses", 1))),
        )
    ),
    "quality/scored": Stop(turns=(Turn(to="settled", wait=(5 * HOUR, 2 * DAY), notes=words.QUALITY_NOTES),)),
    "partners/new": Stop(
        turns=(
            Turn(to="talks", weight=85, wait=(5 * HOUR, 4 * DAY), notes=words.OFFER_NOTES),
            Turn(to="refused", weight=15, wait=(DAY, 5 * DAY), reasons=(("audience", 2), ("terms", 1))),
        )
    ),
    "partners/talks": Stop(
        talk=Talk(wait=(2 * HOUR, DAY), steps=(("message", "Прислать условия"), ("message", "Спросить, что решили"))),
        turns=(
            Turn(to="agreed", weight=75, wait=(4 * DAY, 14 * DAY), notes=words.OFFER_NOTES),
            Turn(to="refused", weight=25, wait=(3 * DAY, 12 * DAY), reasons=(("terms", 2), ("vanished", 1))),
        ),
    ),
    "partners/agreed": Stop(
        talk=Talk(wait=(2 * HOUR, DAY), steps=(("message", "Проверить публикацию"),)),
        turns=(Turn(to="done", wait=(7 * DAY, 20 * DAY), notes=words.OFFER_NOTES),),
    ),
}

ERRANDS = (
    Errand(
        login="oleg", kind="check", title="Прослушать десять звонков", weekday=0, days=2, results=words.LISTENED
    ),
    Errand(
        login="oleg", kind="review", title="Ответить на отзывы на картах", weekday=0, days=3, results=words.ANSWERED
    ),
    Errand(login="oleg", kind="meeting", title="Планёрка с администраторами", weekday=0, days=4, results=words.MET),
)  # fmt: skip

SCRIPT = Script(
    company="Час Икс",
    hires=HIRES,
    takes="manager",
    hours=(10, 21),
    week=(5, 4, 4, 5, 5, 8, 7),
    senders=(
        Sender(
            title="Сайт «Час Икс»", profile="tilda", weight=40, brand="chas-iks", page="https://chas-iks.example/podbor",
            forms=("Подобрать квест", "Обратный звонок", "День рождения"),
            mapping={"Игроков": "deal.players", "Бюджет": "deal.budget", "Повод": "deal.occasion"},
            fields=lambda rng: {"Игроков": str(rng.randint(3, 10)), "Бюджет": rng.choice(BUDGETS)},
        ),
        Sender(
            title="Квиз «Подобрать квест»", profile="marquiz", channel="quiz", weight=28, brand="zagadka",
            page="https://zagadka.example/quiz", forms=("Подобрать квест за минуту",),
            mapping={"Сколько вас будет?": "deal.players", "Какой повод?": "deal.occasion"},
            fields=lambda rng: {
                "Сколько вас будет?": str(rng.randint(3, 12)),
                "Какой повод?": rng.choice(OCCASION_TITLES),
                "Что любите?": rng.choice(("Детектив", "Страшное", "Приключение", "Фантастика")),
            },
        ),
        Sender(
            title="Форма «Тайный ход»", profile="form", weight=18, brand="tayny-khod", page="https://tayny-khod.example/",
            mapping={"players": "deal.players"}, fields=lambda rng: {"players": str(rng.randint(3, 9))},
        ),
        Sender(
            title="Мир Квестов", profile="json", channel="aggregator", weight=14,
            mapping={"people": "deal.players", "brand": "brand"},
            fields=lambda rng: {
                "people": str(rng.randint(3, 8)), "brand": rng.choice(("Час Икс", "Загадка", "Тайный ход")),
            },
        ),
    ),
    words=words,
    stops=STOPS,
    by_hand=frozenset({"contact", "again", "offer", "quality-call"}),
    chores={"check": words.TALKED, "inquiry": ("Ответила",)},
    walk_in="Зашли спросить",
    openings=(
        Opening(
            funnel="first", stage="reviewed", role="administrator", before=26, titles=("Игра до переезда",),
            values=earlier_game, location=True, amount=14_000,
        ),
        Opening(funnel="partners", role="head", every=4, titles=words.OFFERS),
    ),
    errands=ERRANDS,
    returns={"first/reviewed": (0.34, 8, 55), "repeat/reviewed": (0.34, 8, 55)},
    loss_comments=words.LOSS_COMMENTS,
)  # fmt: skip
