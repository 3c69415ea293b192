"""The work of an act: small transactions one after another, so that nobody waits for it long, whoever else is working.

Rows are claimed and marked in the transaction that changes their deals: a crash leaves nothing half done, and nothing
is done twice. The size of a transaction follows the time the last one took.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from voronka.deals.actions.restore_deals import restore_deals
from voronka.deals.models import Deal
from voronka.deals.wholes import Difference, difference, is_nothing, wholes
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from .kinds import KINDS, Kind
from .models import Act, Row
from .telling import tell_ended

log = logging.getLogger("voronka.bulk")

#: How long one transaction may hold its deals, about; below LEAST of them it would hardly be shorter.
SECONDS = 0.12
LEAST, MOST = 20, 200
#: Somebody else has one of the deals in hand: leave them in peace and try again.
PATIENCE = "SET LOCAL lock_timeout = '100ms'"
PAUSE = 0.05
TRIES = 600
#: Whoever began an act that takes so long has turned to something else by now, and is told of its end.
LONG = timedelta(seconds=20)


@dataclass
class Outcome:
    """What became of one deal of a chunk."""

    deal: int
    state: str
    reason: str = ""
    was: Difference | None = None
    mark: str = ""


def run(act_id: int) -> None:
    act = _act(act_id)
    end = Act.State.DONE
    try:
        kind = KINDS[act.kind].read(act.arguments)
        _work(act, Act.State.RUNNING, Row.State.WAITING, lambda ids, _rows, by: _do(kind, ids, by))
    except FieldErrors:
        # what it was to be is no more: the person has left, the stage or the tag is retired
        log.warning("The act %s cannot go on", act.pk, exc_info=True)
        end = Act.State.STOPPED
    _end(act, Act.State.RUNNING, since=act.created_at, state=end, ended_at=clock.now())


def undo(act_id: int) -> None:
    act, began = _act(act_id), clock.now()
    _work(act, Act.State.UNDOING, Row.State.DONE, lambda ids, rows, by: _take_back(act, rows, by))
    _end(act, Act.State.UNDOING, since=began, state=Act.State.UNDONE, undone_at=clock.now())


Chunk = Callable[[list[int], list[Row], Actor], Iterable[Outcome]]


def _work(act: Act, going: str, waiting: str, chunk: Chunk) -> None:
    """Chunk after chunk until none waits or the act's state is no longer `going`."""
    by = replace(act.person.actor, why=f"bulk:{act.pk}")
    size, tries = LEAST, 0
    with translation.override(act.person.language), timezone.override(ZoneInfo(act.person.time_zone)):
        while Act.objects.filter(pk=act.pk, state=going).exists():
            began = time.monotonic()
            try:
                done = _chunk(act, waiting, chunk, by, size)
            except OperationalError:
                tries += 1
                if tries > TRIES:
                    raise
                size = max(1, size // 2)
                time.sleep(PAUSE)
                continue
            if not done:
                return
            tries, spent = 0, time.monotonic() - began
            size = max(LEAST, min(MOST, 2 * size, int(size * SECONDS / spent)))


def _chunk(act: Act, waiting: str, chunk: Chunk, by: Actor, size: int) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
        found = act.rows.filter(state=waiting).order_by("deal_id").select_for_update(skip_locked=True)
        rows = list(found[:size])
        ids = [row.deal_id for row in rows]
        list(Deal.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        if rows:
            _mark(act, chunk(ids, rows, by))
    return len(rows)


def _do(kind: Kind, ids: list[int], by: Actor) -> Iterable[Outcome]:
    before = wholes(ids)
    refused = kind.run(ids, by)
    after = wholes(ids)
    for pk in ids:
        was = difference(before[pk], after[pk])
        if pk in refused:
            yield Outcome(pk, Row.State.REFUSED, refused[pk])
        elif is_nothing(was):
            yield Outcome(pk, Row.State.SAME)
        else:
            yield Outcome(pk, Row.State.DONE, was=was, mark=after[pk].digest)


def _take_back(act: Act, rows: list[Row], by: Actor) -> Iterable[Outcome]:
    now = wholes(row.deal_id for row in rows)
    untouched = {row.deal_id: row.was for row in rows if row.was and now[row.deal_id].digest == row.mark}
    restore_deals(now, untouched, by=by.unbound(), data={"act": act.pk, "title": act.title})
    for row in rows:
        if row.deal_id in untouched:
            yield Outcome(row.deal_id, Row.State.UNDONE)
        else:
            yield Outcome(row.deal_id, Row.State.KEPT, _("Somebody has worked on it since."))


_MARK = """
    UPDATE bulk_row SET state = now.state, reason = now.reason, was = now.was, mark = now.mark
    FROM jsonb_to_recordset(%s::jsonb) AS now(deal bigint, state text, reason text, was jsonb, mark text)
    WHERE bulk_row.act_id = %s AND bulk_row.deal_id = now.deal
"""


def _mark(act: Act, outcomes: Iterable[Outcome]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [json.dumps([vars(one) for one in outcomes], ensure_ascii=False), act.pk])


def _act(act_id: int) -> Act:
    return Act.objects.select_related("person__role").get(pk=act_id)


def _end(act: Act, going: str, *, since: datetime, **fields: object) -> None:
    with transaction.atomic():
        if Act.objects.filter(pk=act.pk, state=going).update(**fields):
            log.info("The act %s has ended", act.pk)
            if clock.now() - since >= LONG:
                act.refresh_from_db()
                tell_ended(act)
