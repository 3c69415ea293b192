"""A deal as a whole: its row, its tasks, their series, its stays at stages and drafts as the base holds them; compared,
and put back.

A whole is JSON written by the base itself, so a column added tomorrow is in it without a word here. It stays text, the
same for the same rows, until two of them differ.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

Rows = dict[str, Any]
#: What makes the past of the present: {"deal": {column: old}, "tasks": {id: {column: old}, id: None when new}}.
Difference = dict[str, Rows]

#: Parts of a whole besides the deal's own row → their tables.
PARTS = {"tasks": "tasks_task", "passages": "deals_passage", "series": "tasks_series", "drafts": "outgoing_message"}
#: Columns that change without anybody working on the deal.
QUIET = ("is_unread",)

#: `json`, not `jsonb`: half the work for the base.
_READ = """
    SELECT deal.id, row_to_json(deal)::text,
        (SELECT json_object_agg(task.id, row_to_json(task) ORDER BY task.id) FROM tasks_task AS task
         WHERE task.deal_id = deal.id)::text,
        (SELECT json_object_agg(stay.id, row_to_json(stay) ORDER BY stay.id) FROM deals_passage AS stay
         WHERE stay.deal_id = deal.id)::text,
        (SELECT json_object_agg(series.id, row_to_json(series) ORDER BY series.id) FROM tasks_series AS series
         WHERE series.id IN (SELECT task.series_id FROM tasks_task AS task WHERE task.deal_id = deal.id))::text,
        (SELECT json_object_agg(draft.id, row_to_json(draft) ORDER BY draft.id) FROM outgoing_message AS draft
         WHERE draft.deal_id = deal.id AND draft.state = 'draft')::text
    FROM deals_deal AS deal
    WHERE deal.id = ANY(%s::bigint[])
"""


@dataclass(frozen=True)
class Whole:
    """The deal's row; its PARTS as JSON."""

    deal: Rows
    parts: Mapping[str, str]

    def rows(self, part: str) -> Rows:
        """By id."""
        return json.loads(self.parts[part])

    @property
    def digest(self) -> str:
        """Equal digests: nobody has worked on the deal in between."""
        deal = {column: value for column, value in self.deal.items() if column not in QUIET}
        text = "\n".join([json.dumps(deal), *self.parts.values()])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def wholes(deal_ids: Iterable[int]) -> dict[int, Whole]:
    """By deal. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(deal_ids)])
        return {pk: _whole(deal, parts) for pk, deal, *parts in cursor.fetchall()}


def difference(before: Whole, after: Whole) -> Difference:
    """What makes `before` of `after`."""
    found = {part: _changed_rows(before, after, part) for part in PARTS}
    return {"deal": _changed(before.deal, after.deal), **found}


def is_nothing(was: Difference) -> bool:
    return not any(was.values())


def _whole(deal: str, parts: Iterable[str | None]) -> Whole:
    return Whole(json.loads(deal), {part: text or "{}" for part, text in zip(PARTS, parts, strict=True)})


def _changed_rows(before: Whole, after: Whole, part: str) -> Rows:
    if before.parts[part] == after.parts[part]:
        return {}
    old, new = before.rows(part), after.rows(part)
    rows = {pk: _changed(old[pk], row) if pk in old else None for pk, row in new.items()}
    return {pk: was for pk, was in rows.items() if was != {}}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Rows:
    return {column: before[column] for column, value in after.items() if before[column] != value}
