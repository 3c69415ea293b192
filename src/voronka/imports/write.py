"""Plans of a chunk into rows, set by set, with the events that the same acts one by one would leave."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from voronka.clients.models import Address, Company, Contact, Identity, Note, Requisites
from voronka.clients.tags import MOST, tags_named
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, event_of, record_many
from voronka.kernel.models import Event
from voronka.kernel.rows import insert_many

from . import deals
from .models import Link
from .plan import Plan
from .seen import SeenCompany
from .written import Hand, Written


def write(plans: Sequence[Plan], hand: Hand) -> tuple[list[Written], int | None]:
    """In the caller's transaction. Returns what became of each plan, and the last event of them."""
    written = [Written(plan, {}, {}) for plan in plans]
    events: list[Event] = []
    _companies(written, hand)
    _contacts(written)
    events += _registrations(written, hand.by)
    _ways(written, events, hand.by)
    _details(written, events, hand.by)
    _changes(written, events, hand.by)
    tags = _keys(written, hand.by)
    _tags(written, events, hand.by, tags)
    _notes(written, events, hand.by)
    record_many(events, by=hand.by)
    deals.write(written, hand, tags)
    _links(written, hand.system)
    return written, _last_event()


def refs(company: SeenCompany) -> Refs:
    return Refs(company=company.id, audience=company.audience)


def _companies(written: Iterable[Written], hand: Hand) -> None:
    now = clock.now()
    home = sorted(set(hand.home))
    new = [(one, one.plan.company) for one in written if one.plan.makes_company and one.plan.company]
    rows = [
        Company(
            kind=seen.kind,
            name=seen.name,
            comment=seen.comment,
            home=home,
            audience=home,
            created_at=now,
            last_interaction_at=now,
        )
        for _one, seen in new
    ]
    if rows:
        insert_many(rows)
    for (one, seen), row in zip(new, rows, strict=True):
        seen.id, seen.audience = row.pk, home
        one.made["company"] = [row.pk]


def _contacts(written: Iterable[Written]) -> None:
    now = clock.now()
    new = [(one, one.plan.contact) for one in written if one.plan.makes_contact and one.plan.contact]
    rows = [
        Contact(
            company_id=seen.company.pk, name=seen.name, position=seen.position, birthday=seen.birthday, created_at=now
        )
        for _one, seen in new
    ]
    if rows:
        insert_many(rows)
    for (one, seen), row in zip(new, rows, strict=True):
        seen.id = row.pk
        one.made["contact"] = [row.pk]


def _registrations(written: Iterable[Written], by: Actor) -> list[Event]:
    found = []
    for one in written:
        plan = one.plan
        if plan.company is None:
            continue
        contact = {"contact": plan.contact.id} if plan.contact else {}
        if plan.makes_company:
            found.append(
                event_of("client.registered", refs(plan.company), by=by, data={"name": plan.company.name, **contact})
            )
        elif plan.makes_contact and plan.contact:
            found.append(
                event_of("contact.added", refs(plan.company), by=by, data={**contact, "name": plan.contact.name})
            )
    return found


def _ways(written: Iterable[Written], events: list[Event], by: Actor) -> None:
    new = [(one, way) for one in written for way in one.plan.ways]
    rows = [
        Identity(contact_id=one.plan.contact.pk, kind=kind, value=value, raw=raw)
        for one, (kind, value, raw) in new
        if one.plan.contact
    ]
    if rows:
        insert_many(rows)
    for (one, _way), row in zip(new, rows, strict=True):
        if not one.plan.makes_contact and one.plan.company:
            one.made.setdefault("identity", []).append(row.pk)
            data = {"contact": row.contact_id, "kind": row.kind, "value": row.value}
            events.append(event_of("identity.added", refs(one.plan.company), by=by, data=data))


def _details(written: Iterable[Written], events: list[Event], by: Actor) -> None:
    homes: list[tuple[Written, Address]] = []
    papers: list[tuple[Written, Requisites]] = []
    for one in written:
        company = one.plan.company
        if company is None:
            continue
        homes += [(one, Address(company_id=company.pk, text=text)) for text in one.plan.addresses]
        if one.plan.requisites:
            papers.append((one, Requisites(company_id=company.pk, name=company.name, **one.plan.requisites)))
    if homes:
        insert_many([row for _one, row in homes])
    if papers:
        insert_many([row for _one, row in papers])
    for one, home in homes:
        one.made.setdefault("address", []).append(home.pk)
        events.append(_event("address.added", one, by, {"address": home.pk, "text": home.text}))
    for one, paper in papers:
        one.made.setdefault("requisites", []).append(paper.pk)
        events.append(_event("requisites.added", one, by, {"requisites": paper.pk, "inn": paper.inn}))


def _changes(written: Iterable[Written], events: list[Event], by: Actor) -> None:
    """What the rows have changed is written as it stands after all of them."""
    contacts: dict[int, list[Any]] = {}
    companies: dict[int, list[Any]] = {}
    for one in written:
        plan = one.plan
        if plan.contact_changes and plan.contact:
            contacts[plan.contact.pk] = [plan.contact.name, plan.contact.position, _iso(plan.contact.birthday)]
            changes = _plain(plan.contact_changes)
            if not plan.contact.made_by:
                one.was["contact"] = {plan.contact.pk: changes}
            events.append(_event("contact.changed", one, by, {"contact": plan.contact.id, "changes": changes}))
        if plan.company_changes and plan.company:
            companies[plan.company.pk] = [plan.company.name, plan.company.comment]
            changes = _plain(plan.company_changes)
            one.was["company"] = {plan.company.pk: changes}
            # a family that only follows the name of its person has no event of its own, as when a person changes it
            if "name" not in plan.contact_changes:
                events.append(_event("client.changed", one, by, {"changes": changes}))
    _update("clients_contact", ("name text", "position text", "birthday date"), contacts)
    _update("clients_company", ("name text", "comment text"), companies)


def _update(table: str, columns: Sequence[str], rows: dict[int, list[Any]]) -> None:
    if not rows:
        return
    quoted = {connection.ops.quote_name(column.split()[0]): column.split()[1] for column in columns}
    assigned = ", ".join(f"{name} = now.{name}" for name in quoted)
    arrays = ", ".join(f"%s::{kind}[]" for kind in quoted.values())
    names = ", ".join(quoted)
    told = f"unnest(%s::bigint[], {arrays}) AS now (id, {names})"
    statement = f"UPDATE {table} SET {assigned} FROM {told} WHERE {table}.id = now.id"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(rows), *map(list, zip(*rows.values(), strict=True))])


def _tags(written: Iterable[Written], events: list[Event], by: Actor, keys: dict[str, str]) -> None:
    tagged = [one for one in written if one.plan.tags]
    if not tagged:
        return
    for one in tagged:
        company = one.plan.company
        assert company is not None
        added = [keys[title.casefold()] for title in one.plan.tags]
        one.was.setdefault("tags", {})[company.pk] = added
        events.append(_event("client.tagged", one, by, {"added": one.plan.tags, "removed": []}))
    pairs = [(pk, key) for one in tagged for pk, added in one.was["tags"].items() for key in added]
    with connection.cursor() as cursor:
        cursor.execute(_HANG, [MOST, [pk for pk, _key in pairs], [key for _pk, key in pairs]])


def _keys(written: Iterable[Written], by: Actor) -> dict[str, str]:
    """Title in lower case → key of its tag, of clients and deals; one that nobody has used is made."""
    drafts = [one.plan.draft for one in written]
    titles = [title for draft in drafts for title in [*draft.tags, *(draft.deal.tags if draft.deal else ())]]
    wanted = list({title.casefold(): title for title in titles}.values())
    named = tags_named(wanted, by=by) if wanted else []
    return {title.casefold(): tag.key for title, tag in zip(wanted, named, strict=True)}


def _notes(written: Iterable[Written], events: list[Event], by: Actor) -> None:
    new = [
        (one, Note(company_id=one.plan.company.pk, author_id=by.person_id, text=text, created_at=clock.now()))
        for one in written
        if one.plan.company
        for text in one.plan.notes
    ]
    if new:
        insert_many([row for _one, row in new])
    for one, row in new:
        one.made.setdefault("note", []).append(row.pk)
        events.append(_event("note.added", one, by, {"note": row.pk, "text": row.text}))


def _links(written: Iterable[Written], system: str) -> None:
    rows = []
    for one in written:
        plan = one.plan
        ids = {
            "company": plan.company.id if plan.company else None,
            "contact": plan.contact.id if plan.contact else None,
            "deal": one.deal,
        }
        rows += [
            Link(system=system, kind=kind, key=key, row=row)
            for kind, key in plan.draft.external.items()
            if (row := ids.get(kind))
        ]
    Link.objects.bulk_create(rows, ignore_conflicts=True)


def _event(kind: str, one: Written, by: Actor, data: dict[str, Any]) -> Event:
    assert one.plan.company is not None
    return event_of(kind, refs(one.plan.company), by=by, data=data)


def _plain(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {column: [_iso(old), _iso(new)] for column, (old, new) in changes.items()}


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _last_event() -> int | None:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first()


_HANG = """
    UPDATE clients_company SET tags = (tags || now.keys)[1:%s]
    FROM (SELECT id, array_agg(DISTINCT key) AS keys FROM unnest(%s::bigint[], %s::text[]) AS one (id, key) GROUP BY id)
        AS now
    WHERE clients_company.id = now.id
"""
