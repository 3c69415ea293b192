"""Three clients with everything, and all rows of one as the base has them: the ground of tests of merges."""

import json

from django.db import connection

from voronka.clients.actions import (
    add_address,
    add_contact,
    add_identity,
    add_note,
    add_requisites,
    register_client,
)
from voronka.clients.models import Company
from voronka.clients.tags import tag_company
from voronka.deals.actions import create_deal
from voronka.deals.merging import KINDS
from voronka.deals.models import FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.models import Attachment
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind

BY = actor.system("test")


def first_funnel() -> Funnel:
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    for position, (key, meaning) in enumerate((("new", "unsorted"), ("talk", "open"), ("offer", "open"))):
        Stage.objects.create(funnel=funnel, key=key, title=key, meaning=meaning, position=position)
    FieldDef.objects.create(key="wish", title="Пожелание", type="text", position=0)
    return funnel


def client_with_everything(funnel: Funnel, name: str, *phones: str) -> Company:
    contact = register_client(
        by=BY, name=name, identities=[("phone", phone) for phone in phones], home=[f"s:{len(name)}"]
    )
    company = contact.company
    add_identity(contact.pk, by=BY, kind="telegram", raw=f"@{name.split()[0]}")
    add_contact(company, by=BY, name=f"Ребёнок {name}", is_child=True)
    add_address(company.pk, by=BY, text=f"ул. {name}, 5")
    add_requisites(company.pk, by=BY, values={"name": f"ИП {name}", "inn": "7707083893"})
    add_note(company.pk, by=BY, text=f"о {name}")
    tag_company(company.pk, by=BY, add=[f"метка {name}"])
    deal = create_deal(by=BY, funnel=funnel, company=company, contact=contact, title=f"сделка {name}")
    kind, _made = TaskKind.objects.get_or_create(key="call", defaults={"title": "Звонок"})
    create_task(by=BY, kind=kind, title=f"дело {name}", company=company, due_at=clock.now())
    Attachment.objects.create(
        name=f"{name}.pdf",
        content_type="",
        size=1,
        file="x",
        deal_id=deal.pk,
        company_id=company.pk,
        created_at=clock.now(),
    )
    return Company.objects.get(pk=company.pk)


Rows = dict[str, list[dict]]


def whole(company_id: int) -> Rows:
    """Every row that is the client or leads to it, its contacts or its deals, as the base has it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for key, kind in KINDS.items():
            ids = "%s" if key == "company" else f"SELECT id FROM {kind.table} WHERE company_id = %s"
            columns = {(kind.table, "id")}
            columns |= {(one.table, column) for one in kind.references for column in (one.column, one.far) if column}
            for table, column in sorted(columns):
                cursor.execute(f"SELECT to_jsonb(t.*) FROM {table} AS t WHERE {column} IN ({ids})", [company_id])
                found[f"{table}.{column}"] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found
