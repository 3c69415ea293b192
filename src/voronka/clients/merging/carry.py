"""The rows of merges: carried to the survivors, and back, for many merges in one statement a table.

Rows are the base's own JSON, so that new columns are in it. No row may stand in two of the merges given at once.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from .references import Ending, Reference

Row = dict[str, Any]
#: Row that is no more → its survivor.
Ways = Mapping[int, int]
#: By the row that is no more: «table.column» → ids of the rows that were carried; table → rows deleted, as they were.
Moved = dict[int, dict[str, list[int]]]
Removed = dict[int, dict[str, list[Row]]]

_WAY = "unnest(%(others)s::bigint[], %(survivors)s::bigint[]) AS way (other, survivor)"
_BACK = "unnest(%(ids)s::bigint[], %(holders)s::bigint[], %(others)s::bigint[]) AS back (id, holder, other)"


def carry(references: Iterable[Reference], ways: Ways) -> tuple[Moved, Removed]:
    """Lead everything that leads to the others to their survivors; what these have already is deleted."""
    moved: Moved = defaultdict(dict)
    removed: Removed = defaultdict(dict)
    for one in references:
        turned = True
        while turned:
            for other, rows in _grouped(_drop_doubles(one, ways)).items():
                removed[other].setdefault(one.table, []).extend(_json(row) for row in rows)
            led = _grouped(_lead(one, ways))
            for other, ids in led.items():
                moved[other][one.key] = sorted({*moved[other].get(one.key, ()), *ids})
            # A pair of which both rows are no more is turned at one end a time.
            turned = bool(one.far and led)
    return moved, removed


def carry_back(references: Iterable[Reference], ways: Ways, moved: Mapping[int, Mapping[str, Sequence[int]]]) -> None:
    """What was the others' and is still where the merges have brought it leads to them again."""
    for one in references:
        back = [(pk, ways[other], other) for other, found in moved.items() for pk in found.get(one.key, ())]
        if not back:
            continue
        ids, holders, others = (list(column) for column in zip(*back, strict=True))
        values = {"ids": ids, "holders": holders, "others": others}
        leads = f"back.holder IN (t.{one.column}, t.{one.far})" if one.far else f"t.{one.column} = back.holder"
        statement = (
            f"UPDATE {one.table} AS t SET {_turned(one, 'back.holder', 'back.other')} FROM {_BACK} "
            f"WHERE t.id = back.id AND {leads} RETURNING t.id"
        )
        turned = True
        while turned:
            turned = bool(_run(statement, values) and one.far)


def hand_over_newer(references: Iterable[Reference], last: Mapping[str, int], *, holder: int, other: int) -> None:
    """What was added after `last` leads to `other`, too; doubles of what it has stay."""
    for one in references:
        double = _double(one, "fresh", "%(holder)s", "%(other)s")
        columns = f"fresh.{one.column}, fresh.{one.far}" if one.far else f"fresh.{one.column}"
        statement = (
            f"UPDATE {one.table} AS fresh SET {_turned(one, '%(holder)s', '%(other)s', 'fresh')} "
            f"WHERE %(holder)s IN ({columns}) AND fresh.id > %(last)s AND NOT ({double})"
        )
        _run(statement, {"holder": holder, "other": other, "last": last.get(one.table, 0)})


def last_ids(references: Iterable[Reference]) -> dict[str, int]:
    """Of each table the newest row: what comes after it was added since."""
    tables = {one.table for one in references}
    asked = " UNION ALL ".join(f"SELECT '{table}', coalesce(max(id), 0) FROM {table}" for table in sorted(tables))
    return dict(_run(asked, {}))


def end(endings: Iterable[Ending], others: Sequence[int], *, at: Any) -> Moved:
    """By row that is no more: «table.column» → ids of what ends with it."""
    ended: Moved = defaultdict(dict)
    for one in endings:
        statement = (
            f"UPDATE {one.table} SET {one.closed} = %(at)s "
            f"WHERE {one.column} = ANY(%(others)s::bigint[]) AND {one.closed} IS NULL RETURNING {one.column}, id"
        )
        for other, ids in _grouped(_run(statement, {"at": at, "others": list(others)})).items():
            ended[other][one.key] = sorted(ids)
    return ended


def end_not(ending: Ending, ids: Sequence[int], *, at: Any) -> None:
    """What ended at that time goes on."""
    statement = f"UPDATE {ending.table} SET {ending.closed} = NULL WHERE id = ANY(%(ids)s) AND {ending.closed} = %(at)s"
    _run(statement, {"ids": list(ids), "at": at})


def take_out(table: str, ids: Sequence[int]) -> None:
    """Delete rows that nothing leads to any more."""
    _run(f"DELETE FROM {table} WHERE id = ANY(%(ids)s::bigint[])", {"ids": list(ids)})


def read_rows(table: str, ids: Iterable[int]) -> dict[int, Row]:
    """Rows by id, locked in its order."""
    statement = f"SELECT id, to_jsonb({table}.*) FROM {table} WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE"
    return {pk: _json(row) for pk, row in _run(statement, {"ids": sorted(set(ids))})}


def put_back(table: str, rows: Sequence[Row]) -> None:
    """Rows as they were; one that is there again stays as it is."""
    if rows:
        told = f"jsonb_populate_recordset(NULL::{table}, %(rows)s)"
        _run(f"INSERT INTO {table} SELECT * FROM {told} ON CONFLICT DO NOTHING", {"rows": json.dumps(rows)})


def write_rows(table: str, rows: Mapping[int, Row], values: Mapping[int, Mapping[str, Any]]) -> None:
    """Of these rows the values given."""
    if columns := sorted({column for one in values.values() for column in one}):
        changed = [rows[pk] | dict(one) for pk, one in values.items() if one]
        told = f"jsonb_populate_recordset(NULL::{table}, %(rows)s) AS given"
        put = ", ".join(f"{column} = given.{column}" for column in columns)
        _run(f"UPDATE {table} SET {put} FROM {told} WHERE {table}.id = given.id", {"rows": json.dumps(changed)})


def _lead(one: Reference, ways: Ways) -> list[tuple[Any, ...]]:
    leads = f"way.other IN (t.{one.column}, t.{one.far})" if one.far else f"t.{one.column} = way.other"
    statement = (
        f"UPDATE {one.table} AS t SET {_turned(one, 'way.other', 'way.survivor')} FROM {_WAY} "
        f"WHERE {leads} RETURNING way.other, t.id"
    )
    return _run(statement, _told(ways))


def _drop_doubles(one: Reference, ways: Ways) -> list[tuple[Any, ...]]:
    if one.alike is None and not one.far:
        return []
    leads = f"way.other IN (gone.{one.column}, gone.{one.far})" if one.far else f"gone.{one.column} = way.other"
    double = _double(one, "gone", "way.other", "way.survivor")
    return _run(
        f"DELETE FROM {one.table} AS gone USING {_WAY} WHERE {leads} AND ({double}) "
        "RETURNING way.other, to_jsonb(gone.*)",
        _told(ways),
    )


def _double(one: Reference, row: str, mine: str, to: str) -> str:
    """Whether leading `row` from `mine` to `to` would make what is there already, or a pair of one with itself."""
    if one.far:
        far = _far(one, row, mine)
        pair = f"had.{one.column} = least({far}, {to}) AND had.{one.far} = greatest({far}, {to})"
        return f"{far} = {to} OR EXISTS (SELECT FROM {one.table} AS had WHERE {pair})"
    if one.alike is None:
        return "false"
    same = "".join(f" AND had.{column} = {row}.{column}" for column in one.alike)
    return f"EXISTS (SELECT FROM {one.table} AS had WHERE had.{one.column} = {to}{same})"


def _turned(one: Reference, mine: str, to: str, row: str = "t") -> str:
    if not one.far:
        return f"{one.column} = {to}"
    far = _far(one, row, mine)
    return f"{one.column} = least({far}, {to}), {one.far} = greatest({far}, {to})"


def _far(one: Reference, row: str, mine: str) -> str:
    return f"({row}.{one.column} + {row}.{one.far} - {mine})"


def _told(ways: Ways) -> dict[str, list[int]]:
    return {"others": list(ways), "survivors": list(ways.values())}


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def _run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _json(value: Any) -> Row:
    """Django's connections hand JSON over as text."""
    return json.loads(value) if isinstance(value, str) else value
