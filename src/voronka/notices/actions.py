"""Writes of notices. `notify` runs inside the transaction of what it tells about."""

from collections.abc import Collection, Iterable, Mapping
from datetime import time

from django.db import connection, transaction
from django.utils.translation import gettext as _

from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from . import jobs, kinds
from .models import Choice, Hours, Notice

CHANNELS = ("page", "push", "email")
LONGEST_TITLE, LONGEST_BODY = 200, 600

# One statement for all people, in order of their ids so that two of them never wait for each other crosswise.
# Whoever wants this kind nowhere gets nothing.
_UPSERT = """
INSERT INTO notices_notice (person_id, kind, key, title, body, heading, url, urgent, on_page, created_at)
SELECT person, %(kind)s, %(key)s, %(title)s, %(body)s, %(heading)s, %(url)s, %(urgent)s,
    %(always)s::bool OR coalesce(choice.page, true), %(now)s
FROM unnest(%(people)s::bigint[]) AS person
LEFT JOIN notices_choice AS choice ON choice.person_id = person AND choice.kind = %(line)s
WHERE %(always)s::bool OR choice.id IS NULL OR choice.page OR choice.push OR choice.email
ORDER BY person
ON CONFLICT (person_id, key) WHERE read_at IS NULL
DO UPDATE SET kind = EXCLUDED.kind, title = EXCLUDED.title, body = EXCLUDED.body, heading = EXCLUDED.heading,
    url = EXCLUDED.url, urgent = EXCLUDED.urgent, on_page = EXCLUDED.on_page, created_at = EXCLUDED.created_at,
    pushed_at = NULL
RETURNING id, person_id
"""


def notify(
    people: Iterable[Person],
    *,
    kind: str,
    key: str,
    title: str,
    body: str = "",
    url: str,
    heading: str = "",
    urgent: bool = False,
) -> None:
    """Tell people: one notice each, in the bell at once, pushed and mailed by a job. Call it inside a transaction.

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
    line = kinds.key_of(kind)
    facts: dict[str, str | bool] = {
        "kind": kind,
        "key": key,
        "title": title[:LONGEST_TITLE],
        "body": body[:LONGEST_BODY],
        "heading": heading[:LONGEST_TITLE],
        "url": url,
        "urgent": urgent,
        "line": line,
        "always": line in kinds.ALWAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {**facts, "now": clock.now(), "people": ids})
        rows = cursor.fetchall()
    if not rows:
        return
    told = sorted(person for _notice, person in rows)
    _tell("notice.made", told, by=actor.system(kind), data={"notice_kind": kind, "key": key})
    jobs.spread.defer(people=told)


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


def settle(urls: Collection[str], *, by: Actor) -> None:
    """What was told of these pages is done with: nobody has to read it any more. Inside the transaction that did it.

    Only what rules told: a mention or a reminder is for its reader alone.
    """
    told = Notice.objects.filter(url__in=urls, read_at=None, kind__in=("urgent", kinds.REST)).order_by("pk")
    rows = dict(told.select_for_update().values_list("pk", "person_id"))
    if rows:
        Notice.objects.filter(pk__in=rows).update(read_at=clock.now())
        _tell("notice.read", sorted(set(rows.values())), by=by, data={"count": len(rows)})


def choose(
    person: Person,
    *,
    by: Actor,
    quiet_from: time | None,
    quiet_till: time | None,
    urgent_anyway: bool,
    on_shift_only: bool,
    channels: Mapping[str, Collection[str]],
) -> None:
    """When and where a person wants notices: `channels` names for each kind which of CHANNELS. Raises FieldErrors."""
    if (quiet_from is None) != (quiet_till is None):
        raise FieldErrors({"quiet_till" if quiet_from else "quiet_from": _("Give both ends or none.")})
    if quiet_from and quiet_from == quiet_till:
        raise FieldErrors({"quiet_till": _("Quiet hours end at another time than they begin.")})
    hours = {
        "quiet_from": quiet_from,
        "quiet_till": quiet_till,
        "urgent_anyway": urgent_anyway,
        "on_shift_only": on_shift_only,
    }
    with transaction.atomic():
        Hours.objects.update_or_create(person=person, defaults=hours)
        for kind in kinds.of(person):
            chosen = {channel: channel in channels.get(kind.key, ()) for channel in CHANNELS}
            chosen["page"] = chosen["page"] or kind.always
            Choice.objects.update_or_create(person=person, kind=kind.key, defaults=chosen)
        _tell("notice.choices_changed", [person.pk], by=by, data={"person": person.pk})


def _tell(kind: str, people: list[int], *, by: Actor, data: dict) -> None:
    """Live listeners of these people, and of nobody else, hear it."""
    record(kind, Refs(audience=[f"p:{person}" for person in people]), by=by, data=data)
