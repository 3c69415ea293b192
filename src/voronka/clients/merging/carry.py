"""The rows of a merge: carried to the survivor, and back. Rows are the base's own JSON, so new columns are in it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from .references import Reference

#: «table.column» → ids of the rows that were carried; table → rows that were deleted, as they were.
Moved = dict[str, list[int]]
Removed = dict[str, list[dict[str, Any]]]


def carry(references: Iterable[Reference], *, other: int, survivor: int) -> tuple[Moved, Removed]:
    """Lead everything that leads to `other` to `survivor`; what the survivor has already is deleted."""
    moved: Moved = {}
    removed: Removed = {}
    for one in references:
        if one.alike is not None and (doubles := _drop_doubles(one, other, survivor)):
            removed.setdefault(one.table, []).extend(doubles)
        statement = f"UPDATE {one.table} SET {one.column} = %s WHERE {one.column} = %s RETURNING id"
        if ids := [pk for (pk,) in _run(statement, [survivor, other])]:
            moved[one.key] = sorted(ids)
    return moved, removed


def carry_back(references: Iterable[Reference], moved: Moved, *, holder: int, other: int) -> None:
    """What was the other's and is still where the merge has brought it leads to `other` again."""
    for one in references:
        if ids := moved.get(one.key):
            statement = f"UPDATE {one.table} SET {one.column} = %s WHERE {one.column} = %s AND id = ANY(%s::bigint[])"
            _run(statement, [other, holder, ids])


def hand_over_newer(references: Iterable[Reference], last: Mapping[str, int], *, holder: int, other: int) -> None:
    """What was added after `last` leads to `other`, too; doubles of what it has stay."""
    for one in references:
        same = "false" if one.alike is None else _same(one.alike, "fresh")
        statement = f"""
            UPDATE {one.table} AS fresh SET {one.column} = %s WHERE fresh.{one.column} = %s AND fresh.id > %s
            AND NOT EXISTS (SELECT FROM {one.table} AS had WHERE had.{one.column} = %s AND {same})
        """
        _run(statement, [other, holder, last.get(one.table, 0), other])


def last_ids(references: Iterable[Reference]) -> dict[str, int]:
    """Of each table the newest row: what comes after it was added since."""
    return {one.table: _run(f"SELECT coalesce(max(id), 0) FROM {one.table}", [])[0][0] for one in references}


def take_out(table: str, pk: int) -> dict[str, Any]:
    """Delete a row that nothing leads to any more, and return it as it was."""
    ((row,),) = _run(f"DELETE FROM {table} WHERE id = %s RETURNING to_jsonb({table}.*)", [pk])
    return _json(row)


def read_row(table: str, pk: int) -> dict[str, Any]:
    ((row,),) = _run(f"SELECT to_jsonb({table}.*) FROM {table} WHERE id = %s FOR UPDATE", [pk])
    return _json(row)


def put_back(table: str, rows: list[dict[str, Any]]) -> None:
    """Rows as they were; one that is there again stays as it is."""
    if rows:
        statement = (
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s) ON CONFLICT DO NOTHING"
        )
        _run(statement, [json.dumps(rows)])


def write_row(table: str, pk: int, values: Mapping[str, Any]) -> None:
    if values:
        columns = ", ".join(f"{column} = given.{column}" for column in values)
        statement = (
            f"UPDATE {table} SET {columns} FROM jsonb_populate_record(NULL::{table}, %s) AS given WHERE {table}.id = %s"
        )
        _run(statement, [json.dumps(dict(values)), pk])


def _drop_doubles(one: Reference, other: int, survivor: int) -> list[dict[str, Any]]:
    same = _same(one.alike or (), "gone")
    statement = f"""
        DELETE FROM {one.table} AS gone USING {one.table} AS had
        WHERE gone.{one.column} = %s AND had.{one.column} = %s AND {same} RETURNING to_jsonb(gone.*)
    """
    return [_json(row) for (row,) in _run(statement, [other, survivor])]


def _same(columns: Iterable[str], row: str) -> str:
    """Whether `had` is a double of `row`: alike in these columns, or just there when there are none."""
    return " AND ".join(f"had.{column} = {row}.{column}" for column in columns) or "true"


def _run(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _json(value: Any) -> dict[str, Any]:
    """Django's connections hand JSON over as text."""
    return json.loads(value) if isinstance(value, str) else value
