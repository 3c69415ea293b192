"""A deal as a whole: its row, its tasks, their series and its stays at stages as the base holds them; compared, and
put back.

A whole is plain JSON made by the base itself, so a column added tomorrow is in it without a word here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

Whole = dict[str, Any]

#: Parts of a whole besides the deal's own row → their tables.
PARTS = {"tasks": "tasks_task", "passages": "deals_passage", "series": "tasks_series"}
#: Columns that change without anybody working on the deal.
QUIET = ("is_unread",)

_READ = """
    SELECT deal.id, to_jsonb(deal),
        (SELECT jsonb_object_agg(task.id, to_jsonb(task)) FROM tasks_task AS task WHERE task.deal_id = deal.id),
        (SELECT jsonb_object_agg(stay.id, to_jsonb(stay)) FROM deals_passage AS stay WHERE stay.deal_id = deal.id),
        (SELECT jsonb_object_agg(series.id, to_jsonb(series)) FROM tasks_series AS series
         WHERE series.id IN (SELECT task.series_id FROM tasks_task AS task WHERE task.deal_id = deal.id))
    FROM deals_deal AS deal
    WHERE deal.id = ANY(%s::bigint[])
"""


def wholes(deal_ids: Iterable[int]) -> dict[int, Whole]:
    """By deal. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(deal_ids)])
        return {
            pk: {"deal": _json(deal), **{part: _json(rows) for part, rows in zip(PARTS, parts, strict=True)}}
            for pk, deal, *parts in cursor.fetchall()
        }


def digest(whole: Whole) -> str:
    """Equal digests: nobody has worked on the deal in between."""
    deal = {column: value for column, value in whole["deal"].items() if column not in QUIET}
    text = json.dumps({**whole, "deal": deal}, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def difference(before: Whole, after: Whole) -> Whole:
    """What makes `before` of `after`: {"deal": {column: old}, "tasks": {id: {column: old}, id: None when new}}."""
    found: Whole = {"deal": _changed(before["deal"], after["deal"])}
    for part in PARTS:
        rows = {pk: _changed(before[part][pk], row) if pk in before[part] else None for pk, row in after[part].items()}
        found[part] = {pk: old for pk, old in rows.items() if old != {}}
    return found


def is_nothing(was: Whole) -> bool:
    return not any(was.values())


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {column: before[column] for column, value in after.items() if before[column] != value}


def _json(value: Any) -> Any:
    """Django's connections hand JSON over as text."""
    return json.loads(value) if isinstance(value, str) else (value or {})
