"""Where filters are tried: three stages, three people, a declared field of every kind, and rows written from plain facts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from voronka.clients.models import Company
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel.filters import Scope
from voronka.staff.models import Person, Role, Seat
from voronka.tasks.models import Task, TaskKind

ZONE = ZoneInfo("Asia/Yekaterinburg")
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # already the 22nd in Yekaterinburg
SCOPE = Scope(now=NOW, zone=ZONE, people={"me": lambda: frozenset({1}), "my-team": lambda: frozenset({1, 2})})

DECLARED = {
    "note": "text", "players": "number", "budget": "money", "game_date": "date", "game_time": "time",
    "game_at": "datetime", "certificate": "yes_no", "place": "choice", "extras": "choices", "animator": "person",
    "remark": "long_text", "mail": "email", "partner": "client", "contract": "file",
}  # fmt: skip


@pytest.fixture
def ground(cast):
    """A funnel of three stages, three people with ids 1…3 to name, every kind of declared field."""
    Person.objects.filter(pk__in=[1, 2, 3]).delete()
    role, seat = Role.objects.first(), Seat.objects.first()
    for pk in (1, 2, 3):
        Person.objects.create(pk=pk, email=f"p{pk}@x.example", name=f"P{pk}", role=role, seat=seat, created_at=NOW)
    funnel = Funnel.objects.create(key="f", title="F")
    meanings = ["unsorted", "open", "won"]
    stages = [
        Stage.objects.create(funnel=funnel, key=meaning, title=meaning, meaning=meaning, position=place, pk=place + 1)
        for place, meaning in enumerate(meanings)
    ]
    for key, kind in DECLARED.items():
        FieldDef.objects.create(
            key=key, title=key, type=kind, options=[["hall", "Зал"], ["loft", "Лофт"], ["cake", "Торт"]]
        )
    kind = TaskKind.objects.create(key="call", title="Позвонить")
    return funnel, stages, kind


def write(row, ground) -> Deal:
    funnel, stages, kind = ground
    company = Company.objects.create(created_at=NOW, **row["company"])
    deal = Deal.objects.create(
        funnel=funnel,
        stage=stages[row["stage"]],
        company=company,
        responsible_id=row["responsible"] or None,
        created_at=NOW,
        stage_entered_at=NOW,
        **{key: row[key] for key in ("title", "amount", "channel", "is_repeat", "next_step_at", "closed_at", "fields")},
    )
    for task in row["tasks"]:
        done = NOW if task["done"] else None
        Task.objects.create(
            kind=kind, deal=deal, title=task["title"], due_at=task["due_at"], created_at=NOW, done_at=done
        )
    return Deal.objects.select_related("stage", "company").get(pk=deal.pk)
