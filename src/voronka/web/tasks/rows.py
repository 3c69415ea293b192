"""A task as a row of a list shows it. Its deal and client are named only to those who may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from voronka.kernel.access import sees
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import Days


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """`tone`: late, today, "" (a later day) or done. `url` leads to the deal, else to the client, else nowhere."""

    id: int
    icon: str
    kind: str
    title: str
    part: str
    tone: str
    due_at: datetime
    done_at: datetime | None
    result: str
    asks_result: bool
    client: str
    stage: str
    stage_entered_at: datetime | None
    stage_limit: int | None
    amount: Decimal | None
    url: str
    deal_id: int | None
    responsible: Person | None
    channel: str
    phone: str
    rule: str


def rows(
    tasks: Iterable[Task], *, viewer: Person, days: Days, phones: Mapping[int, str] | None = None
) -> list[TaskRow]:
    """`phones`: contact → number, where the row is to offer a call."""
    return [row(task, viewer=viewer, days=days, phones=phones or {}) for task in tasks]


def row(task: Task, *, viewer: Person, days: Days, phones: Mapping[int, str]) -> TaskRow:
    deal = task.deal if task.deal and sees(viewer.reach, task.deal.audience) else None
    company = deal.company if deal else task.company
    if company and not deal and not sees(viewer.reach, company.audience):
        company = None
    part = days.part(task.due_at)
    if deal:
        url = f"/deals/{deal.pk}"
    else:
        url = f"/clients/{company.pk}" if company else ""
    return TaskRow(
        id=task.pk,
        icon=task.kind.icon,
        kind=task.kind.title,
        title=task.title,
        part=part,
        tone="done" if task.done_at else {"late": "late", "today": "today"}.get(part, ""),
        due_at=task.due_at,
        done_at=task.done_at,
        result=task.result,
        asks_result=task.kind.result_required,
        client=(deal.contact.name if deal and deal.contact else company.name) if company else "",
        stage=deal.stage.title if deal else "",
        stage_entered_at=deal.stage_entered_at if deal else None,
        stage_limit=deal.stage.limit_minutes if deal else None,
        amount=deal.amount if deal and deal.amount else None,
        url=url,
        deal_id=deal.pk if deal else None,
        responsible=task.responsible,
        channel=deal.channel if deal else "",
        phone=phones.get(deal.contact_id, "") if deal and deal.contact_id else "",
        rule=task.rule,
    )
