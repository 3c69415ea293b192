"""A demo company that makes furniture to order: its people, and what they do with a deal on each stage."""

from datetime import datetime

from ..living.people import five_days
from ..living.script import DAY, HOUR, Opening, Scene, Script, Sender, Stop, Talk, Turn
from . import words

HIRES = (
    five_days("nadezhda", "Надежда Зуева", "intake", "Продажи"),
    five_days("artem", "Артём Лагутин", "manager", "Продажи"),
    five_days("yulia", "Юлия Мороз", "manager", "Продажи"),
    five_days("semen", "Семён Дятлов", "measurer", "Замеры и дизайн"),
    five_days("lada", "Лада Ким", "designer", "Замеры и дизайн"),
    five_days("fedor", "Фёдор Грач", "production", "Производство"),
    five_days("tamara", "Тамара Юрьевна Белкина", "accountant"),
    five_days("konstantin", "Константин Рудаков", "head"),
    five_days("roman", "Роман Астахов", "director"),
)


def wish(scene: Scene) -> dict:
    return {
        "product": scene.one(("kitchen", "kitchen", "wardrobe", "dressing", "office")),
        "place": scene.one(words.ADDRESSES),
        "wishes": scene.one(words.WISHES_OF_HOME),
    }


def measuring(scene: Scene) -> dict:
    needed = {} if scene.deal.fields.get("place") else wish(scene)
    return needed | {
        "measure_date": scene.in_days(1, 3),
        "measure_time": scene.one(("10:00", "11:30", "14:00", "16:00")),
    }


def after_measuring(scene: Scene) -> datetime:
    return scene.at("measure_date", 16)


def rejected(scene: Scene) -> dict:
    again = scene.days.local(after_measuring(scene)).date().toordinal() - scene.today.toordinal()
    return {
        "measure_result": "rejected",
        "measure_reason": scene.one(words.BAD_MEASURES),
        "measure_date": scene.in_days(max(again, 0) + 1, max(again, 0) + 2),
    }


def proposal(scene: Scene) -> dict:
    number = scene.deal.pk
    return {
        "design": f"https://mebel.example/projects/{number}",
        "proposal": f"https://mebel.example/offers/{number}",
        "amount": scene.rng.randint(9, 48) * 10_000,
    }


def agreed(scene: Scene) -> dict:
    return {
        "payer": scene.one(words.PAYERS),
        "terms": scene.one(("half", "half", "full", "contract")),
        "invoice": f"МБ-{scene.deal.pk + 400}",
        "ready_date": scene.in_days(9, 16),
    }


def review(scene: Scene) -> dict:
    score = scene.shares.pick("score", (10, 9, scene.rng.randint(7, 8), scene.rng.randint(3, 5)), (34, 30, 22, 14))
    return {"score": score, "review": scene.one(words.REVIEWS if score >= 7 else words.BAD_REVIEWS)}


LOST = words.LOSS

STOPS = {
    "leads/work": Stop(
        talk=Talk(wait=(4, 60), notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(to="ready", weight=60, wait=(40, 9 * HOUR), values=wish),
            Turn(to="ready", weight=10, wait=(3 * DAY, 5 * DAY), values=wish),
            Turn(
                to="lost", weight=30, wait=(2 * HOUR, 2 * DAY),
                reasons=(("silent", 8), ("curious", 7), ("not_ours", 3), ("spam", 2), ("other", 1)),
            ),
        ),
    ),
    "orders/consult": Stop(
        talk=Talk(wait=(20, 4 * HOUR), notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(to="measure", weight=80, wait=(2 * HOUR, 2 * DAY), values=measuring),
            Turn(to="measure", weight=6, wait=(10 * DAY, 12 * DAY), values=measuring),
            Turn(to="lost", weight=14, wait=(5 * HOUR, 3 * DAY), reasons=LOST),
        ),
    ),
    "orders/measure": Stop(
        turns=(
            Turn(
                weight=78, at=after_measuring, values=lambda s: {"measure_result": "accepted"},
                notes=words.MEASURE_NOTES,
            ),
            Turn(weight=22, at=after_measuring, values=rejected),
        )
    ),
    "orders/design": Stop(
        turns=(
            Turn(to="approval", weight=82, wait=(4 * HOUR, 10 * HOUR), values=proposal),
            Turn(to="approval", weight=18, wait=(30 * HOUR, 3 * DAY), values=proposal),
        )
    ),
    "orders/approval": Stop(
        turns=(
            Turn(to="invoice", weight=46, wait=(DAY, 6 * DAY), values=agreed, notes=words.APPROVAL_NOTES),
            Turn(to="invoice", weight=16, wait=(8 * DAY, 12 * DAY), values=agreed),
            Turn(weight=16, wait=(5 * HOUR, 2 * DAY), values=lambda s: {"decision_date": s.in_days(3, 5)}),
            Turn(to="lost", weight=22, wait=(DAY, 9 * DAY), reasons=LOST),
        )
    ),
    "orders/invoice": Stop(
        turns=(
            Turn(weight=82, wait=(DAY, 3 * DAY), values=lambda s: {"terms_met": "да"}, by="accountant"),
            Turn(weight=8, wait=(10 * DAY, 12 * DAY), values=lambda s: {"terms_met": "да"}, by="accountant"),
            Turn(to="lost", weight=10, wait=(DAY, 4 * DAY), reasons=LOST),
        )
    ),
    "orders/making": Stop(
        talk=Talk(wait=(2 * DAY, 5 * DAY), notes=words.MAKING_NOTES, results=("Отправила фото из цеха",)),
        turns=(
            Turn(
                to="done", at=lambda s: s.at("ready_date", 14, days=2),
                values=lambda s: {"handed_on": s.in_days(0, 0)}, notes=words.HANDOVER_NOTES,
            ),
        ),
    ),
    "orders/done": Stop(turns=(Turn(to="review", wait=(16 * DAY, 19 * DAY), values=review),)),
}  # fmt: skip


def earlier_order(days, number, person) -> dict:
    """A kitchen that was handed over before the story begins."""
    return {
        "product": ("kitchen", "wardrobe", "dressing")[number % 3],
        "place": words.ADDRESSES[number % len(words.ADDRESSES)],
        "handed_on": days.days()[0].isoformat(),
    }


SCRIPT = Script(
    company="Мебельная мастерская «Паз»",
    hires=HIRES,
    takes="intake",
    hours=(9, 18),
    week=(4, 4, 4, 4, 3, 1, 1),
    senders=(
        Sender(
            title="Сайт, расчёт кухни",
            profile="tilda",
            weight=50,
            page="https://mebel.example/kuhni",
            forms=("Рассчитать кухню", "Вызвать замерщика"),
            mapping={"Изделие": "deal.product"},
            fields=lambda rng: {"Изделие": rng.choice(("Кухня", "Шкаф-купе", "Гардеробная"))},
        ),
        Sender(
            title="Квиз «Сколько стоит кухня»",
            profile="marquiz",
            channel="quiz",
            weight=34,
            page="https://mebel.example/quiz",
            forms=("Сколько стоит ваша кухня",),
            fields=lambda rng: {"Форма кухни?": rng.choice(("Прямая", "Угловая")), "Срок?": rng.choice(("Месяц", "2"))},
        ),
        Sender(title="Форма дизайнерам", profile="form", weight=16, page="https://mebel.example/partners"),
    ),
    words=words,
    stops=STOPS,
    by_hand=frozenset(
        {"site-inquiry", "again", "lead-stuck", "measuring", "measures-rejected", "promised-day", "week-silent"}
    ),
    chores={
        "measuring": ("Замеры сняты, фото в карточке", "Снял, угол завален на 12 мм"),
        "design": ("Три варианта, ссылка в карточке",),
        "proposal": ("Три варианта цены",),
        "invoice": ("Счёт выставлен, PDF в сделке",),
        "making": ("Изготовлено, упаковано",),
        "listen": ("Артём перебивает на цене, Юлия не называет время замеров", "Хорошо: все спрашивают про задачу"),
        "shopper": ("Перезвонили через 4 минуты, про фурнитуру не спросили", "Пятница, 18:40: ответили в понедельник"),
        "satisfaction": ("Все трое довольны, один ждал счёт два дня", "Хвалят Юлию, просят фото из цеха"),
        "check": ("Разобрали, срок новый", "Клиент ждёт банк"),
    },
    openings=(
        Opening(
            funnel="orders", stage="done", role="manager", before=14, titles=("Кухня на заказ", "Гардеробная"),
            values=earlier_order, amount=240_000,
        ),
    ),
    returns={"orders/review": (0.15, 5, 30)},
    loss_comments=("У соседей на 40 тысяч дешевле, без камня", "Ждут ключи от квартиры", "Хотели за две недели"),
)  # fmt: skip
