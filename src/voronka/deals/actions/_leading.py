"""Fields of deals that lead to a client: they follow it when it becomes part of another, and back."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection

from ..models import FieldDef

_LEAD = """
    UPDATE deals_deal SET fields = fields || %s::jsonb WHERE fields @> %s::jsonb RETURNING id
"""


def lead_fields(other: int, survivor: int) -> dict[str, list[int]]:
    """By key of a field the deals whose field led to `other`."""
    found = {}
    for key in FieldDef.objects.filter(type="client").values_list("key", flat=True):
        if ids := _run(_LEAD, [json.dumps({key: survivor}), json.dumps({key: other})]):
            found[key] = sorted(ids)
    return found


def lead_fields_back(found: Mapping[str, Sequence[int]], holder: int, other: int) -> None:
    """Of those deals the fields that still lead where they were led lead to `other` again."""
    for key, ids in found.items():
        statement = _LEAD.replace("RETURNING", "AND id = ANY(%s::bigint[]) RETURNING")
        _run(statement, [json.dumps({key: other}), json.dumps({key: holder}), list(ids)])


def _run(statement: str, values: list[str | list[int]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]
