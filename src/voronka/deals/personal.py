"""What we keep about a client, to be handed out: every row that is theirs or leads to them, as the base has it."""

import json
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from voronka.clients.merges import parts_of
from voronka.clients.models import Company, Merge
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Attachment

from .merging import KINDS


def hand_out(company_id: int, *, by: Actor) -> dict[str, list[dict[str, Any]]]:
    """Table → rows, and the history. That it was handed out is recorded. Raises Refusal."""
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=company_id)
        if by.reach is not None and not access.sees(by.reach, company.audience):
            raise Refusal(_("This client is not yours."))
        found: dict[str, list[dict[str, Any]]] = {}
        for key, kind in KINDS.items():
            ids = "%(client)s" if key == "company" else f"SELECT id FROM {kind.table} WHERE company_id = %(client)s"
            for table, column in {(kind.table, "id")} | {(one.table, one.column) for one in kind.references}:
                statement = f"SELECT to_jsonb(t.*) FROM {table} AS t WHERE {column} IN ({ids}) ORDER BY id"
                known = {row["id"] for row in found.get(table, ())}
                found.setdefault(table, []).extend(
                    row for row in _rows(statement, {"client": company.pk}) if row["id"] not in known
                )
        parts = parts_of(Merge.Kind.COMPANY, company.pk)
        history = "SELECT to_jsonb(t.*) FROM kernel_event AS t WHERE company_id = ANY(%(parts)s) ORDER BY id"
        found["kernel_event"] = _rows(history, {"parts": parts})
        record("client.handed_out", Refs(company=company.pk, audience=company.audience), by=by)
    return {table: rows for table, rows in sorted(found.items()) if rows}


def files_of(rows: dict[str, list[dict[str, Any]]]) -> list[Attachment]:
    return list(Attachment.objects.filter(pk__in=[row["id"] for row in rows.get("kernel_attachment", ())]))


def _rows(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
