"""Writes of notices. `notify` runs inside the transaction of what it tells about."""

from collections.abc import Iterable

from django.db import connection, transaction

from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from . import jobs
from .models import Notice

LONGEST_TITLE, LONGEST_BODY = 200, 600

# One statement for all people, in order of their ids so that two of them never wait for each other crosswise.
_UPSERT = """
INSERT INTO notices_notice (person_id, kind, key, title, body, url, urgent, created_at)
SELECT person, %(kind)s, %(key)s, %(title)s, %(body)s, %(url)s, %(urgent)s, %(now)s
FROM unnest(%(people)s::bigint[]) AS person ORDER BY person
ON CONFLICT (person_id, key) WHERE read_at IS NULL
DO UPDATE SET kind = EXCLUDED.kind, title = EXCLUDED.title, body = EXCLUDED.body, url = EXCLUDED.url,
    urgent = EXCLUDED.urgent, created_at = EXCLUDED.created_at
RETURNING id
"""


def notify(
    people: Iterable[Person],
    *,
    kind: str,
    key: str,
    title: str,
    body: str = "",
    url: str,
    urgent: bool = False,
) -> None:
    """Tell people: one notice each, in the bell at once and pushed by a job. Call it inside a transaction.

    `key` says what it is about («untaken:42»): while the notice is unread, a repeat updates it, brings it to the top
    and is pushed again. `url` is a path of ours that the notice opens. `urgent` is for what cannot wait: it reaches
    people off shift too.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"notice {key} made outside a transaction")
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"a notice leads to a page of ours, not to {url}")
    ids = sorted({person.pk for person in people if person.is_active})
    if not ids:
        return
    facts = {"kind": kind, "key": key, "title": title[:LONGEST_TITLE], "body": body[:LONGEST_BODY], "url": url}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {**facts, "urgent": urgent, "now": clock.now(), "people": ids})
        notices = [row[0] for row in cursor.fetchall()]
    _tell("notice.made", ids, by=actor.system(kind), data={"notice_kind": kind, "key": key})
    jobs.push.defer(notices=notices)


def mark_read(notice: Notice, *, by: Actor) -> None:
    """Its reader has opened it; its bells elsewhere follow."""
    with transaction.atomic():
        if Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now()):
            _tell("notice.read", [notice.person_id], by=by, data={"notice": notice.pk})


def mark_all_read(person: Person, *, by: Actor) -> int:
    """Read everything; how many were unread."""
    with transaction.atomic():
        count = Notice.objects.filter(person=person, read_at=None).update(read_at=clock.now())
        if count:
            _tell("notice.read", [person.pk], by=by, data={"count": count})
    return count


def _tell(kind: str, people: list[int], *, by: Actor, data: dict) -> None:
    """Live listeners of these people, and of nobody else, hear it."""
    record(kind, Refs(audience=[f"p:{person}" for person in people]), by=by, data=data)
