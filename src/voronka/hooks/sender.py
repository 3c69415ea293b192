"""The sender: brings waiting deliveries to their addresses. Any number of workers may run it.

A delivery is claimed for LEASE in a statement of its own and sent outside any transaction. A worker that dies on the
way leaves it to be sent again after that, so receivers tell repeats by `Voronka-Delivery`.
"""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections, transaction
from django.utils.translation import gettext as _

from voronka.kernel import actor, clock
from voronka.kernel.access import sees
from voronka.kernel.actor import Actor
from voronka.kernel.events import veil
from voronka.kernel.models import Event
from voronka.staff.queries import people

from .actions import switch_off_dead
from .models import Delivery, Hook
from .post import Outcome, post
from .rules import DEAD_AFTER, rest_after, wait_after
from .signing import secret_of, signature

log = logging.getLogger("voronka.hooks")

THREADS = 8
POLL_SECONDS = 1.0
LEASE = timedelta(minutes=2)

# The first waiting one of each row; the others of that row wait behind it.
_CLAIM = """
    UPDATE hooks_delivery SET attempts = attempts + 1, next_at = %(until)s::timestamptz
    WHERE id IN (
        SELECT due.id FROM hooks_delivery AS due JOIN hooks_hook AS hook ON hook.id = due.hook_id
        WHERE due.state = 'waiting' AND due.next_at <= %(now)s::timestamptz AND hook.stopped_at IS NULL
            AND (hook.rests_until IS NULL OR hook.rests_until <= %(now)s::timestamptz)
            AND NOT EXISTS (
                SELECT FROM hooks_delivery AS before
                WHERE before.hook_id = due.hook_id AND before.about = due.about AND before.state = 'waiting'
                    AND before.event_id < due.event_id
            )
        ORDER BY due.next_at LIMIT %(limit)s FOR UPDATE OF due SKIP LOCKED
    )
    RETURNING id
"""


async def run(stop: asyncio.Event) -> None:
    """The loop of the worker: send what is due until `stop`."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(THREADS, "hooks") as threads:
        while not stop.is_set():
            claimed = await loop.run_in_executor(threads, _freshly, claim)
            await asyncio.gather(*(loop.run_in_executor(threads, _freshly, deliver, one) for one in claimed or ()))
            if not claimed:
                try:
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue


def claim(limit: int = THREADS * 2) -> list[int]:
    """Deliveries that are ours to send now."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
        return sorted(row[0] for row in cursor.fetchall())


def deliver(delivery_id: int) -> None:
    """Send one that is claimed, and write down what came of it."""
    delivery = Delivery.objects.select_related("hook").filter(pk=delivery_id).first()
    if delivery is None:
        return
    event = Event.objects.filter(pk=delivery.event_id).first()
    person = people().filter(pk=delivery.hook.person_id).first()
    if person is None:
        _settle(delivery_id, None)
    elif event is None or not sees(person.reach, event.audience):
        # Not to be told: its person could not see that happen.
        Delivery.objects.filter(pk=delivery_id).delete()
    else:
        body = json.dumps(payload(delivery, event, person.actor), ensure_ascii=False).encode()
        _settle(delivery_id, post(delivery.hook.url, body, _headers(delivery, event, body)))


def payload(delivery: Delivery, event: Event, by: Actor) -> dict:
    """What a receiver gets: the event as GET /api/v1/events shows it, and the number of the delivery."""
    return {
        "delivery": delivery.pk,
        "id": event.pk,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "by_kind": event.by_kind,
        "person": event.person_id,
        "why": event.why,
        "deal": event.deal_id,
        "client": event.company_id,
        "task": event.task_id,
        "data": veil(by)(event.data),
    }


def _headers(delivery: Delivery, event: Event, body: bytes) -> dict[str, str]:
    timestamp = str(int(clock.now().timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Voronka",
        "Voronka-Event": event.kind,
        "Voronka-Delivery": str(delivery.pk),
        "Voronka-Timestamp": timestamp,
        "Voronka-Signature": signature(secret_of(delivery.hook), timestamp, body),
    }


def _settle(delivery_id: int, outcome: Outcome | None) -> None:
    """Write the outcome; None: the hook's person works here no longer."""
    now = clock.now()
    with transaction.atomic():
        # Events take a share of the hook's key while they are written; a lock without the key never waits for them.
        hook = Hook.objects.select_for_update(no_key=True, of=("self",)).filter(deliveries=delivery_id).first()
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if hook is None or delivery is None:
            return
        if outcome is None and hook.stopped_at is not None:
            return
        if outcome is None:
            switch_off_dead(
                hook,
                by=actor.system("hooks"),
                why=_("{name}, for whom it was told, works here no longer.").format(name=hook.person.name),
            )
            return
        delivery.status, delivery.answer = outcome.status, outcome.text
        if outcome.is_delivered:
            delivery.state, delivery.done_at = Delivery.State.DELIVERED, now
            hook.failures, hook.failing_since, hook.rests_until = 0, None, None
        else:
            _note_failure(delivery, hook, outcome)
        delivery.save(update_fields=["status", "answer", "state", "done_at", "next_at"])
        hook.save(update_fields=["failures", "failing_since", "rests_until"])


def _note_failure(delivery: Delivery, hook: Hook, outcome: Outcome) -> None:
    now = clock.now()
    hook.failures += 1
    hook.failing_since = hook.failing_since or now
    hook.rests_until = now + rest_after(hook.failures)
    wait = wait_after(delivery.attempts)
    if wait is not None:
        delivery.next_at = now + wait
        behind = Delivery.objects.filter(hook=hook, about=delivery.about, state=Delivery.State.WAITING)
        behind.filter(next_at__lt=delivery.next_at).exclude(pk=delivery.pk).update(next_at=delivery.next_at)
        return
    delivery.state, delivery.done_at = Delivery.State.FAILED, now
    if hook.stopped_at is None and now - hook.failing_since >= DEAD_AFTER:
        switch_off_dead(hook, by=actor.system("hooks"), why=_reason(outcome))


def _reason(outcome: Outcome) -> str:
    said = f"{outcome.status or ''} {outcome.text}".strip()[:200]
    return _("It took nothing for three days. The last answer: {said}").format(said=said)


def _freshly(act, *arguments):
    """In a thread of the sender: a lost base is a pause, not the end of the loop."""
    close_old_connections()
    try:
        return act(*arguments)
    except (OperationalError, InterfaceError):
        log.warning("The base is away")
        connections.close_all()
        return None
