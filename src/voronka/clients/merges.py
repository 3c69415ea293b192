"""Reads of merges: where the links of a row that is no more lead, and what became part of a client."""

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from .models import Merge

_LAST = """
    WITH RECURSIVE way (id, step) AS (
        SELECT %s::bigint, 0
        UNION ALL
        SELECT merge.survivor, step + 1 FROM way JOIN clients_merge AS merge
        ON merge.kind = %s AND merge.other = way.id AND merge.undone_at IS NULL
    )
    SELECT id FROM way ORDER BY step DESC LIMIT 1
"""
_LAST_OF_MANY = """
    WITH RECURSIVE way (first, id, step) AS (
        SELECT DISTINCT id, id, 0 FROM unnest(%s::bigint[]) AS id
        UNION ALL
        SELECT first, merge.survivor, step + 1 FROM way JOIN clients_merge AS merge
        ON merge.kind = %s AND merge.other = way.id AND merge.undone_at IS NULL
    )
    SELECT DISTINCT ON (first) first, id FROM way ORDER BY first, step DESC
"""
_PARTS = """
    WITH RECURSIVE whole (id) AS (
        SELECT {}::bigint
        UNION
        SELECT merge.other FROM whole JOIN clients_merge AS merge
        ON merge.kind = %s AND merge.survivor = whole.id AND merge.undone_at IS NULL
    )
    SELECT id FROM whole
"""


def holder_of(kind: str, pk: int) -> int:
    """The row that this one became part of, however many merges later; itself when it stands alone."""
    return _numbers(_LAST, [pk, kind])[0]


def holders_of(kind: str, ids: Collection[int]) -> dict[int, int]:
    """As `holder_of`, of many."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_OF_MANY, [list(ids), kind])
        return dict(cursor.fetchall())


def parts_of(kind: str, pk: int) -> list[int]:
    """This row and all that became part of it."""
    return _numbers(_PARTS.format("%s"), [pk, kind])


def parts_within(kind: str, rows: QuerySet, *, name: str) -> QuerySet:
    """The same for each of these rows, as an attribute, within the query that reads them."""
    column = f"{rows.model._meta.db_table}.id"
    parts = RawSQL(f"ARRAY({_PARTS.format(column)})", [kind], output_field=ArrayField(BigIntegerField()))
    return rows.annotate(**{name: parts})


def standing(kind: str, survivor: int) -> list[Merge]:
    """Merges into this row that may be undone, the last first."""
    rows = Merge.objects.filter(kind=kind, survivor=survivor, undone_at=None, within=None)
    return list(rows.select_related("merged_by").order_by("-pk"))


def _numbers(statement: str, values: list[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [number for (number,) in cursor.fetchall()]
