"""Recording what happened. An action calls `record` inside its transaction; reactions run in that same transaction.

Who hears which event is one table, `voronka.wiring.HANDLERS`: event kind → handlers in order. A handler hears all that
one act did: one event, or thousands of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.module_loading import import_string

from . import clock
from .actor import Actor
from .models import Event
from .rows import insert, insert_many

Handler = Callable[[Sequence[Event], Actor], None]


@dataclass(frozen=True, kw_only=True)
class Refs:
    """What an event is about; `audience` is who may see it live at that moment."""

    deal: int | None = None
    company: int | None = None
    task: int | None = None
    funnel: int | None = None
    stage: int | None = None
    audience: Sequence[str] = field(default_factory=tuple)


def record(
    kind: str, refs: Refs, *, by: Actor, data: Mapping[str, Any] | None = None, subject: Model | None = None
) -> Event:
    """Write one event and let its listeners react. Must run inside the action's transaction.

    `subject`: the row it is about, where the action holds it just as the base does; spares listeners a read.
    """
    _require_transaction(kind)
    event = event_of(kind, refs, by=by, data=data)
    event.subject = subject
    insert(event)
    _tell([event], by)
    return event


def record_many(events: Sequence[Event], *, by: Actor) -> None:
    """What one act did to many rows: events made by `event_of`, written at once, then heard kind by kind."""
    if not events:
        return
    _require_transaction(events[0].kind)
    insert_many(events)
    for kind in dict.fromkeys(event.kind for event in events):
        _tell([event for event in events if event.kind == kind], by)


def event_of(kind: str, refs: Refs, *, by: Actor, data: Mapping[str, Any] | None = None) -> Event:
    """An event that is not written yet."""
    return Event(
        at=clock.now(),
        kind=kind,
        by_kind=by.kind.value,
        person_id=by.person_id,
        why=by.why,
        depth=by.depth,
        deal_id=refs.deal,
        company_id=refs.company,
        task_id=refs.task,
        funnel_id=refs.funnel,
        stage_id=refs.stage,
        data=dict(data or {}),
        audience=sorted(set(refs.audience)),
    )


def _tell(events: Sequence[Event], by: Actor) -> None:
    """Events of one kind."""
    for handler in handlers(events[0].kind):
        handler(events, by)


def _require_transaction(kind: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"event {kind} recorded outside a transaction")


def veil(by: Actor) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """How to show data of events to somebody outside: what the packages above hide from `by` is left out of them."""
    return import_string(import_string(settings.VORONKA_VEIL))(by)


@cache
def handlers(kind: str) -> tuple[Handler, ...]:
    table: Mapping[str, Sequence[str]] = import_string(settings.VORONKA_HANDLERS)
    return tuple(import_string(path) for path in table.get(kind, ()))
