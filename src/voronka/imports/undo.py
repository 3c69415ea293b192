"""Taking an import back whole: what it made goes, what it changed returns, unless somebody has worked on it since."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from voronka.clients.models import Address, Company, Contact, Identity, Note, Requisites
from voronka.deals.actions import remove_deals
from voronka.deals.actions.restore_deals import restore_deals
from voronka.deals.models import Deal
from voronka.deals.wholes import wholes
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, event_of, record_many
from voronka.kernel.models import Event

from . import work
from .models import Import, Link, Row

#: Rows of one transaction.
CHUNK = 1000
_BROUGHT = (Row.State.MADE, Row.State.UPDATED, Row.State.JOINED)
#: What a row makes, in the order in which it may go.
_MODELS: Mapping[str, Any] = {
    "identity": Identity,
    "address": Address,
    "requisites": Requisites,
    "note": Note,
    "contact": Contact,
    "company": Company,
}
#: (what was made, column, table); the identities of a contact go with it.
_OWN = (
    ("contact", "contact_id", "clients_identity"),
    *((key, "id", model._meta.db_table) for key, model in _MODELS.items()),
)


def undo(pk: int) -> None:
    """From the last row to the first, chunk by chunk; a killed worker goes on where it stopped."""
    one = work.import_of(pk)
    with work.in_the_language_of(one):
        while True:
            with transaction.atomic():
                if not Import.objects.select_for_update().filter(pk=pk, state=Import.State.UNDOING).exists():
                    return
                found = one.rows.filter(state__in=_BROUGHT).order_by("-number")
                rows = list(found[:CHUNK])
                if not rows:
                    break
                _take_back(one, rows, one.by.unbound())
    work.end(one, Import.State.UNDOING, state=Import.State.UNDONE, undone_at=clock.now())


def _take_back(one: Import, rows: Sequence[Row], by: Actor) -> None:
    """All at once; when something still hangs on one of them, one by one."""
    kept = _worked_on(one, rows)
    free = [row for row in rows if row.pk not in kept]
    alone = len(rows) == 1
    try:
        with transaction.atomic():
            _put_back(free, by, remove=_remove_with_all if alone else _remove)
    except (ProtectedError, IntegrityError):
        if not alone:
            for row in rows:
                _take_back(one, [row], by)
            return
        kept, free = {rows[0].pk: _("Something else hangs on it now.")}, []
    Row.objects.filter(pk__in=[row.pk for row in free]).update(state=Row.State.UNDONE)
    for reason in set(kept.values()):
        stays = [pk for pk, why in kept.items() if why == reason]
        Row.objects.filter(pk__in=stays).update(state=Row.State.KEPT, reason=reason)


def _worked_on(one: Import, rows: Sequence[Row]) -> dict[int, str]:
    """Rows whose client or deal somebody has changed since → why they stay."""
    found: dict[int, str] = {}
    companies = {row.company for row in rows if row.company}
    standing = set(
        Company.objects.select_for_update().filter(pk__in=companies).order_by("pk").values_list("pk", flat=True)
    )
    later = _later(one, rows, companies)
    others = _others(rows)
    marks = wholes(_changed_deals(rows))
    for row in rows:
        if row.company not in standing:
            found[row.pk] = _("It became part of another client, or is gone.")
        elif any(_is_about(row, event) for event in later.get(row.company or 0, ())):
            found[row.pk] = _("Somebody has worked with this client since.")
        elif row.company in others and "company" in (row.made or {}):
            found[row.pk] = _("Somebody else belongs to it now.")
        elif any(pk not in marks or marks[pk].digest != kept["mark"] for pk, kept in _deals_of(row).items()):
            found[row.pk] = _("Somebody has worked on the deal since.")
    holding = {row.company for row in rows if row.pk in found}
    for row in rows:
        if row.company in holding and "company" in (row.made or {}):
            found.setdefault(row.pk, _("Somebody else belongs to it now."))
    return found


def _later(one: Import, rows: Sequence[Row], companies: Collection[int]) -> dict[int, list[Event]]:
    """By client: events after these rows that are neither of this import nor of one that has been taken back."""
    since = min((row.event for row in rows if row.event), default=0)
    gone = [other.why for other in Import.objects.filter(state=Import.State.UNDONE, pk__gt=one.pk).only("id")]
    events = Event.objects.filter(company_id__in=companies, pk__gt=since).exclude(why__in=[one.why, *gone])
    found: dict[int, list[Event]] = {}
    for event in events.only("id", "kind", "company_id", "deal_id", "data"):
        found.setdefault(event.company_id or 0, []).append(event)
    return found


def _is_about(row: Row, event: Event) -> bool:
    """A row that made the whole client is touched by whatever happens to it; another one by what it has touched."""
    made = row.made or {}
    if event.pk <= (row.event or 0):
        return False
    if "company" in made:
        return True
    if event.deal_id:
        return event.deal_id == row.deal
    return event.data.get("contact", row.contact) == row.contact


def _others(rows: Sequence[Row]) -> set[int]:
    """Clients that these rows made and that hold people or deals that no row here has made."""
    made = _made(rows)
    companies = made.get("company", ())
    of_people = Contact.objects.filter(company_id__in=companies).exclude(pk__in=made.get("contact", ()))
    of_deals = Deal.objects.filter(company_id__in=companies).exclude(pk__in=made.get("deal", ()))
    return {*of_people.values_list("company_id", flat=True), *of_deals.values_list("company_id", flat=True)}


Made = Mapping[str, list[int]]


def _put_back(rows: Sequence[Row], by: Actor, *, remove: Callable[[Made], None]) -> None:
    if not rows:
        return
    made = _made(rows)
    events = _removals(rows, by)
    _restore_changed_deals(rows, by)
    remove_deals(made.get("deal", []), by=by, data={"import": rows[0].owner_id})
    remove(made)
    for kind in Link.Kind.values:
        Link.objects.filter(kind=kind, row__in=made.get(kind, [])).delete()
    events += _old_values(rows, by)
    record_many(events, by=by)


def _remove(made: Made) -> None:
    """What the import has made, table by table. Raises IntegrityError when anything else hangs on it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for key, column, table in _OWN:
            if ids := made.get(key):
                cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s::bigint[])", [ids])


def _remove_with_all(made: Made) -> None:
    """With whatever goes with it by itself. Raises ProtectedError."""
    for key, model in _MODELS.items():
        model._base_manager.filter(pk__in=made.get(key, ())).delete()


def _made(rows: Sequence[Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        for key, ids in (row.made or {}).items():
            found.setdefault(key, []).extend(ids)
    return found


def _removals(rows: Sequence[Row], by: Actor) -> list[Event]:
    audiences = dict(Company.objects.filter(pk__in=[row.company for row in rows]).values_list("pk", "audience"))
    found = []
    for row in rows:
        refs = Refs(company=row.company, audience=audiences.get(row.company or 0, ()))
        made = row.made or {}
        if "company" in made:
            found.append(event_of("client.removed", refs, by=by, data={"name": row.title}))
        elif "contact" in made:
            found.append(event_of("contact.removed", refs, by=by, data={"contact": row.contact, "name": row.title}))
    return found


def _old_values(rows: Sequence[Row], by: Actor) -> list[Event]:
    """From the last row to the first, so that of several changes the first old value stands."""
    events = []
    for row in rows:
        was = row.was or {}
        for model, key, kind in ((Contact, "contact", "contact.changed"), (Company, "company", "client.changed")):
            for pk, changes in was.get(key, {}).items():
                model.objects.filter(pk=int(pk)).update(**{column: old for column, (old, _new) in changes.items()})
                back = {column: [new, old] for column, (old, new) in changes.items()}
                events.append(_changed(kind, row, by, {key: int(pk), "changes": back}))
        for pk, keys in was.get("tags", {}).items():
            with connection.cursor() as cursor:
                cursor.execute(_TAKE_OFF, [keys, int(pk)])
    return events


def _changed(kind: str, row: Row, by: Actor, data: dict[str, Any]) -> Event:
    audience = Company.objects.values_list("audience", flat=True).get(pk=row.company or 0)
    return event_of(kind, Refs(company=row.company, audience=audience), by=by, data=data)


def _restore_changed_deals(rows: Sequence[Row], by: Actor) -> None:
    past = {pk: kept["was"] for row in rows for pk, kept in _deals_of(row).items()}
    if past:
        restore_deals(wholes(past), past, by=by, data={"import": rows[0].owner_id})


def _changed_deals(rows: Iterable[Row]) -> list[int]:
    return [pk for row in rows for pk in _deals_of(row)]


def _deals_of(row: Row) -> dict[int, Any]:
    return {int(pk): kept for pk, kept in (row.was or {}).get("deal", {}).items()}


_TAKE_OFF = """
    UPDATE clients_company SET tags = ARRAY(SELECT tag FROM unnest(tags) AS tag WHERE tag <> ALL(%s::text[]))
    WHERE id = %s
"""
