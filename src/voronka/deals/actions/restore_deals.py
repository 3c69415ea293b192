"""Putting deals back as they were before an act."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, event_of, record_many
from voronka.messages.models import Message
from voronka.tasks.models import Task

from ..models import Passage
from ..wholes import PARTS, Difference, Whole
from ._rows import refresh_companies

#: Never turned back: it counts changes.
ONWARD = "version"


def restore_deals(
    now: Mapping[int, Whole], was: Mapping[int, Difference], *, by: Actor, data: Mapping[str, Any]
) -> None:
    """By deal: what it is now, and what makes the past of it, as `deals.wholes.difference` tells; the deals must be
    locked and found unchanged since. Rules don't hear of it: nothing happens anew, something did not happen after all.
    """
    with transaction.atomic():
        Task.objects.filter(pk__in=_new(was, "tasks")).delete()
        Passage.objects.filter(pk__in=_new(was, "passages")).delete()
        Message.objects.filter(pk__in=_new(was, "drafts")).delete()
        for part, table in PARTS.items():
            changed = [pk for pk in was if was[pk][part]]
            _write(table, [row for pk in changed for row in _overlaid(now[pk].rows(part), was[pk][part])])
        deals, events = [], []
        for pk in was:
            present = now[pk].deal
            old = {**was[pk]["deal"], ONWARD: present[ONWARD] + 1}
            past = {**present, **old}
            deals.append((past, old))
            events.append(_event(past, present, by, data))
        _write("deals_deal", deals)
        refresh_companies(deal["company_id"] for deal, old in deals if "audience" in old)
        record_many(events, by=by)


Overlaid = tuple[dict[str, Any], dict[str, Any]]


def _new(was: Mapping[int, Difference], part: str) -> list[int]:
    return [int(pk) for whole in was.values() for pk, old in whole[part].items() if old is None]


def _overlaid(now: Mapping[str, dict], was: Mapping[str, dict | None]) -> list[Overlaid]:
    return [({**now[pk], **old}, old) for pk, old in was.items() if old is not None]


def _write(table: str, rows: Sequence[Overlaid]) -> None:
    """Set the columns that differ in any of the rows; the names are the base's own."""
    columns = sorted({column for _row, old in rows for column in old})
    if not columns:
        return
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(column)} = past.{quote(column)}" for column in columns)
    statement = f"""
        UPDATE {table} SET {assigned}
        FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS past
        WHERE {table}.id = past.id
    """
    kept = [{column: row[column] for column in ("id", *columns)} for row, _old in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(kept)])


def _event(deal: Mapping[str, Any], before: Mapping[str, Any], by: Actor, data: Mapping[str, Any]) -> Any:
    refs = Refs(
        deal=deal["id"],
        company=deal["company_id"],
        funnel=deal["funnel_id"],
        stage=deal["stage_id"],
        audience=[*deal["audience"], *before["audience"]],
    )
    return event_of("deal.restored", refs, by=by, data={**data, "from_id": before["stage_id"]})
