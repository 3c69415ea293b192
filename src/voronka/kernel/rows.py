"""Inserting on the hot path: what one delivery writes is eight rows, each of which `save()` would compile anew."""

import json
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)


def insert(row: Row) -> Row:
    """Write a new row and give it its id, as `row.save(force_insert=True)` would in four times the time."""
    fields, statement = _statement(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias
    return row


def insert_many(rows: Sequence[Row]) -> None:
    """Write new rows of one model in one statement, in their order, and give them their ids."""
    fields, statement = _statement_of_many(type(rows[0]))
    values = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, ensure_ascii=False, default=str)])
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(model: type[Model]) -> tuple[list[Field], str]:
    fields, columns, into = _into(model)
    places = ", ".join(["%s"] * len(fields))
    return fields, f"{into} VALUES ({places}) RETURNING {_pk(model)}"


@cache
def _statement_of_many(model: type[Model]) -> tuple[list[Field], str]:
    fields, columns, into = _into(model)
    told = f'jsonb_populate_recordset(NULL::"{model._meta.db_table}", %s::jsonb)'
    return fields, f"{into} SELECT {columns} FROM {told} RETURNING {_pk(model)}"


def _into(model: type[Model]) -> tuple[list[Field], str, str]:
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return fields, columns, f'INSERT INTO "{meta.db_table}" ({columns})'


def _pk(model: type[Model]) -> str:
    return f'"{model._meta.pk.column}"'
