"""Fields of deals that lead to a client: they follow it when it becomes part of another, and back."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from .models import FieldDef

_LEAD = """
    UPDATE deals_deal SET fields = fields || %s::jsonb WHERE fields @> %s::jsonb RETURNING id
"""


def lead_fields(ways: Mapping[int, int]) -> dict[int, dict[str, list[int]]]:
    """By client that is no more: by key of a field the deals whose field led to it."""
    keys = list(FieldDef.objects.filter(type="client").values_list("key", flat=True))
    found: dict[int, dict[str, list[int]]] = {}
    for other, survivor in ways.items():
        for key in keys:
            if ids := _run(_LEAD, [json.dumps({key: survivor}), json.dumps({key: other})]):
                found.setdefault(other, {})[key] = sorted(ids)
    return found


def lead_fields_back(ways: Mapping[int, int], led: Mapping[int, Mapping[str, list[int]]]) -> None:
    """Of those deals the fields that still lead where they were led lead to the clients again."""
    statement = _LEAD.replace("RETURNING", "AND id = ANY(%s::bigint[]) RETURNING")
    for other, found in led.items():
        for key, ids in found.items():
            _run(statement, [json.dumps({key: other}), json.dumps({key: ways[other]}), ids])


def _run(statement: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]
