"""A demo company that sells rolled metal: its people, and what they do with a deal on each stage."""

from voronka.clients.actions import add_requisites, change_company
from voronka.deals.models import Deal

from ..living.days import Days
from ..living.names import firm, inn
from ..living.people import Hire, five_days
from ..living.script import DAY, HOUR, Opening, Scene, Script, Sender, Stop, Talk, Turn
from . import words

HIRES = (
    five_days("elena", "Елена Дорохова", "manager", "Первичные продажи"),
    five_days("pavel", "Павел Сизов", "manager", "Первичные продажи"),
    five_days("timur", "Тимур Алиев", "manager", "Постоянные клиенты"),
    five_days("kristina", "Кристина Валк", "manager", "Холодные продажи"),
    five_days("andrey", "Андрей Мещеряков", "head"),
    Hire(login="nina", name="Нина Рогова", role="accountant", hours=(9, 18), cycle=7, works=frozenset({0, 1, 2, 3, 6})),
    five_days("gleb", "Глеб Северин", "director"),
)


def introduce(scene: Scene) -> None:
    """The first talk tells which organisation this is."""
    company = scene.deal.company
    if company.kind != "legal":
        name = firm(scene.rng, scene.days.firms)
        change_company(company.pk, by=scene.me.actor, values={"kind": "legal", "name": name})
        add_requisites(company.pk, by=scene.me.actor, values={"name": name, "inn": inn(scene.rng)})


def six_answers(scene: Scene) -> dict:
    return {
        **{key: scene.one(answers) for key, answers in words.SIX.items()},
        "product": scene.one(("sheet", "pipe", "rebar", "beam", "angle", "stainless")),
        "tonnes": scene.rng.randint(2, 60),
        "standard": scene.one(words.STANDARDS),
        "delivery_to": scene.one(words.PLACES),
    }


def invoice(scene: Scene) -> dict:
    amount = scene.rng.randint(12, 240) * 10_000
    return {
        "amount": amount,
        "cost": round(amount * scene.rng.uniform(0.86, 0.94)),
        "pay_until": scene.in_days(1, 4),
        "invoice": f"С-{scene.deal.pk + 1000}",
    }


def refund(scene: Scene) -> dict:
    return {"amount": scene.rng.randint(2, 18) * 10_000}


def known_client(days: Days, number: int, deal: Deal) -> None:
    add_requisites(deal.company_id, by=deal.responsible.actor, values={"name": deal.company.name, "inn": inn(days.rng)})


LOST = words.LOSS
LATE = (4 * DAY, 7 * DAY)

STOPS = {
    "first/taken": Stop(
        talk=Talk(wait=(5, 70), act=introduce, notes=words.NOTES, results=words.TALKED, steps=words.STEPS),
        turns=(
            Turn(to="need", weight=70, wait=(2 * HOUR, 20 * HOUR), values=six_answers),
            Turn(to="need", weight=10, wait=(3 * DAY, 5 * DAY), values=six_answers),
            Turn(to="lost", weight=20, wait=(3 * HOUR, 2 * DAY), reasons=LOST),
        ),
    ),
    "first/need": Stop(
        turns=(
            Turn(to="invoice", weight=75, wait=(HOUR, 12 * HOUR), values=invoice, notes=words.QUOTE_NOTES),
            Turn(to="invoice", weight=10, wait=(2 * DAY, 4 * DAY), values=invoice),
            Turn(to="lost", weight=15, wait=(4 * HOUR, 2 * DAY), reasons=LOST),
        )
    ),
    "first/invoice": Stop(
        turns=(
            Turn(to="paid", weight=62, wait=(8 * HOUR, 3 * DAY), notes=words.PAID_NOTES),
            Turn(to="paid", weight=14, wait=(5 * DAY, 8 * DAY)),
            Turn(to="lost", weight=24, wait=(1 * DAY, 6 * DAY), reasons=LOST),
        )
    ),
    "base/monitoring": Stop(
        talk=Talk(
            wait=(4 * HOUR, 2 * DAY), values=lambda scene: {"need_date": scene.in_days(9, 26)}, notes=words.BASE_NOTES
        ),
        turns=(
            Turn(to="need", weight=62, wait=(5 * DAY, 16 * DAY), notes=words.BASE_NOTES),
            Turn(to="need", weight=26, wait=(21 * DAY, 40 * DAY)),
            Turn(to="lost", weight=12, wait=(10 * DAY, 30 * DAY), reasons=LOST),
        ),
    ),
    "base/need": Stop(
        turns=(
            Turn(to="request", weight=64, wait=(5 * HOUR, 2 * DAY), values=lambda s: {"tonnes": s.rng.randint(3, 80)}),
            Turn(to="request", weight=16, wait=(8 * DAY, 11 * DAY)),
            Turn(to="lost", weight=20, wait=(1 * DAY, 4 * DAY), reasons=LOST),
        )
    ),
    "regular/request": Stop(
        talk=Talk(wait=(10, 90), results=("Подтвердил, считаю",)),
        turns=(
            Turn(to="quote", weight=90, wait=(30, 6 * HOUR)),
            Turn(to="quote", weight=10, wait=LATE),
        ),
    ),
    "regular/quote": Stop(turns=(Turn(to="approval", wait=(HOUR, DAY), notes=words.QUOTE_NOTES),)),
    "regular/approval": Stop(
        turns=(
            Turn(to="invoice", weight=80, wait=(3 * HOUR, 3 * DAY), values=invoice),
            Turn(to="lost", weight=20, wait=(DAY, 4 * DAY), reasons=LOST),
        )
    ),
    "regular/invoice": Stop(
        turns=(
            Turn(to="paid", weight=80, wait=(8 * HOUR, 3 * DAY), notes=words.PAID_NOTES),
            Turn(to="paid", weight=12, wait=(5 * DAY, 8 * DAY)),
            Turn(to="lost", weight=8, wait=(DAY, 4 * DAY), reasons=LOST),
        )
    ),
    "refusals/new": Stop(
        turns=(
            Turn(to="touch1", weight=85, wait=(5 * HOUR, 2 * DAY), notes=words.REFUSAL_NOTES),
            Turn(to="touch1", weight=15, wait=(10 * DAY, 13 * DAY)),
        )
    ),
    "refusals/touch1": Stop(
        turns=(
            Turn(to="touch2", weight=75, wait=(6 * DAY, 12 * DAY), notes=words.REFUSAL_NOTES),
            Turn(to="ready", weight=10, wait=(2 * DAY, 9 * DAY)),
            Turn(to="lost", weight=15, wait=(4 * DAY, 10 * DAY), reasons=LOST),
        )
    ),
    "refusals/touch2": Stop(
        turns=(
            Turn(to="proposal", weight=80, wait=(8 * DAY, 11 * DAY), notes=words.REFUSAL_NOTES),
            Turn(to="lost", weight=20, wait=(6 * DAY, 10 * DAY), reasons=LOST),
        )
    ),
    "refusals/proposal": Stop(
        turns=(
            Turn(to="ready", weight=40, wait=(DAY, 5 * DAY), notes=words.REFUSAL_NOTES),
            Turn(to="lost", weight=45, wait=(2 * DAY, 7 * DAY), reasons=LOST),
            Turn(to="lost", weight=15, wait=(10 * DAY, 14 * DAY), reasons=LOST),
        )
    ),
    "cold/list": Stop(
        turns=(
            Turn(to="reached", weight=66, wait=(4 * HOUR, 3 * DAY), notes=words.COLD_NOTES),
            Turn(to="lost", weight=22, wait=(DAY, 5 * DAY), reasons=LOST),
            Turn(to="reached", weight=12, wait=(10 * DAY, 13 * DAY)),
        )
    ),
    "cold/reached": Stop(
        talk=Talk(wait=(2 * HOUR, DAY), values=six_answers, notes=words.COLD_NOTES),
        turns=(
            Turn(to="interest", weight=62, wait=(DAY, 4 * DAY)),
            Turn(to="lost", weight=38, wait=(DAY, 5 * DAY), reasons=LOST),
        ),
    ),
    "cold/interest": Stop(
        turns=(
            Turn(to="need", weight=55, wait=(DAY, 5 * DAY), notes=words.COLD_NOTES),
            Turn(to="lost", weight=45, wait=(2 * DAY, 6 * DAY), reasons=LOST),
        )
    ),
    "returns/asked": Stop(turns=(Turn(to="checking", wait=(3 * HOUR, 2 * DAY), notes=words.RETURN_NOTES),)),
    "returns/checking": Stop(
        turns=(
            Turn(to="returned", weight=38, wait=(DAY, 4 * DAY), values=refund, by="head"),
            Turn(to="returned", weight=32, wait=(8 * DAY, 11 * DAY), values=refund, by="head"),
            Turn(to="refused", weight=30, wait=(DAY, 4 * DAY), reasons=(("replaced", 6), ("our_right", 4))),
        )
    ),
}

BY_HAND = frozenset(
    {"six-questions", "check-manager", "pay-late", "base-need", "monitor", "need-is-near", "no-step", "request-task"}
)

SCRIPT = Script(
    company="Балтметалл",
    hires=HIRES,
    takes="manager",
    hours=(9, 18),
    week=(5, 6, 5, 5, 4, 0.4, 0.2),
    senders=(
        Sender(
            title="Сайт, заявка на прокат",
            profile="tilda",
            weight=46,
            page="https://baltmetall.example/zayavka",
            forms=("Заявка на прокат", "Обратный звонок"),
            mapping={"Тоннаж": "deal.tonnes", "Марка": "deal.standard"},
            fields=lambda rng: {"Тоннаж": str(rng.randint(1, 40)), "Марка": rng.choice(words.STANDARDS)},
        ),
        Sender(
            title="Прайс на почту",
            profile="form",
            weight=32,
            page="https://baltmetall.example/price",
            mapping={"tonnes": "deal.tonnes"},
            fields=lambda rng: {"tonnes": str(rng.randint(1, 25))},
        ),
        Sender(title="Портал «Металлоторг»", profile="json", channel="aggregator", weight=22),
    ),
    words=words,
    stops=STOPS,
    by_hand=BY_HAND,
    chores={"control": words.CONTROL, "check": words.CONTROL},
    openings=(
        Opening(
            funnel="base", stage="monitoring", role="manager", before=34, firm=True, titles=("Активная база: {name}",),
            act=known_client,
        ),
        Opening(funnel="cold", role="manager", every=1, firm=True, titles=words.COLD_TITLES, act=known_client),
        Opening(funnel="returns", role="manager", every=6, firm=True, titles=words.RETURN_TITLES),
    ),
    returns={"regular/paid": (0.3, 6, 30), "first/paid": (0.25, 8, 40)},
    loss_comments=("Объект заморозили", "Снабженец уволился, новый пока без закупок", "Перешли на давальческое сырьё"),
)  # fmt: skip
