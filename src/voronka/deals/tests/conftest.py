from datetime import timedelta

import pytest

from voronka.clients.actions import register_client
from voronka.deals.actions import create_deal
from voronka.deals.models import FieldDef, Funnel, LossReason, Stage
from voronka.kernel import actor
from voronka.tasks.models import TaskKind

STAGES = [
    ("new", "Неразобранное", "unsorted", []),
    ("work", "Взято в работу", "open", []),
    ("booked", "Бронь подтверждена", "open", ["game_date", "place"]),
    ("won", "Отзыв получен", "won", []),
    ("lost", "Отказ", "lost", []),
]


@pytest.fixture
def funnel(db):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    for position, (key, title, meaning, required) in enumerate(STAGES):
        Stage.objects.create(
            funnel=funnel,
            key=key,
            title=title,
            meaning=meaning,
            position=position,
            required=required,
            limit_minutes=5 if meaning == "unsorted" else None,
        )
    LossReason.objects.create(funnel=funnel, key="price", title="Цена")
    LossReason.objects.create(funnel=funnel, key="other", title="Другое", comment_required=True)
    FieldDef.objects.create(key="game_date", title="Дата игры", type="date")
    FieldDef.objects.create(key="place", title="Место", type="choice", options=[["hall", "Зал"], ["loft", "Лофт"]])
    FieldDef.objects.create(key="players", title="Игроков", type="number")
    TaskKind.objects.create(key="call", title="Позвонить", icon="phone")
    return funnel


@pytest.fixture
def stage(funnel):
    return lambda key: Stage.objects.get(funnel=funnel, key=key)


@pytest.fixture
def inquiry(funnel, cast):
    """Make an untaken deal of the brand; each call a new client."""

    def make(*, name="Ирина Соколова", brand=cast.brand, responsible=None, by=actor.client("форма"), **more):
        contact = register_client(by=by, name=name, identities=[("phone", f"+7921{_next():07d}")])
        return create_deal(
            by=by, funnel=funnel, company=contact.company, contact=contact, brand=brand, responsible=responsible, **more
        )

    return make


_numbers = iter(range(1, 10**6))


def _next() -> int:
    return next(_numbers)


HOUR = timedelta(hours=1)
