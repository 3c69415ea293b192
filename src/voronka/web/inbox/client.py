"""The client beside the thread: the open deal, how they are reached, what we know."""

from typing import Any

from voronka.clients.queries import contacts_of
from voronka.conversations.actions._rows import open_deal_of
from voronka.conversations.models import Conversation
from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web.deals.reach import contacts


def side_of(row: Conversation, person: Person) -> dict[str, Any]:
    """The open deal is shown to whoever may see it."""
    return {
        "row": row,
        "client": row.company,
        "deal": deal_of(row, person),
        "step": _step(row, person),
        "people": contacts(contacts_of(row.company)),
        "may_see_client": person.may("see_clients"),
    }


def deal_of(row: Conversation, person: Person) -> Deal | None:
    found = open_deal_of(row.company_id)
    if found is None:
        return None
    return Deal.objects.visible_to(person).select_related("stage", "responsible").filter(pk=found.pk).first()


def _step(row: Conversation, person: Person) -> Task | None:
    open_tasks = Task.objects.visible_to(person).filter(company_id=row.company_id, done_at=None)
    return open_tasks.select_related("kind").order_by("due_at", "pk").first()
