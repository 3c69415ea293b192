"""Two clients become one, with everything that hangs on them; and two again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merges import holder_of
from voronka.clients.merging import choice
from voronka.clients.merging.carry import (
    carry,
    carry_back,
    hand_over_newer,
    last_ids,
    put_back,
    read_row,
    take_out,
    write_row,
)
from voronka.clients.merging.pairing import same_people
from voronka.clients.merging.references import references_to
from voronka.clients.models import Company, Contact, Merge
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from ._leading import lead_fields, lead_fields_back
from ._rows import refresh_companies

_MODELS: Mapping[str, tuple[type[Company] | type[Contact], Mapping[str, str]]] = {
    Merge.Kind.COMPANY: (Company, choice.COMPANY),
    Merge.Kind.CONTACT: (Contact, choice.CONTACT),
}


def merge_clients(survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None) -> Merge:
    """Make `other` part of `survivor`. Contacts that are one person become one, too. `values`: columns of the client
    as a person chose them; the rest by `clients.merging.choice`. Raises Refusal.
    """
    if survivor_id == other_id:
        raise Refusal(_("This is one and the same client."), rule="merge")
    with transaction.atomic():
        survivor, other = _locked(survivor_id, other_id, by)
        people = [list(one.contacts.prefetch_related("identities").order_by("pk")) for one in (survivor, other)]
        merge = _merge(Merge.Kind.COMPANY, survivor.pk, other.pk, by, own=values or {})
        merge.carried["fields"] = lead_fields(other.pk, survivor.pk)
        merge.save(update_fields=["carried"])
        for theirs, ours in same_people(*people).items():
            _merge(Merge.Kind.CONTACT, ours, theirs, by, within=merge)
        refresh_companies([survivor.pk])
        _tell("client.merged", survivor.pk, merge, by, also=other.audience)
    return merge


def undo_merge(merge_id: int, *, by: Actor, since_to_other: bool = False) -> Merge:
    """Both clients as they were, with what was done to the rows of each since. What was added since stays with the
    survivor, or goes to the other one. Raises Refusal.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        holder = Company.objects.select_for_update().get(pk=holder_of(merge.kind, merge.survivor))
        if by.reach is not None and not access.sees(by.reach, holder.audience):
            raise Refusal(_("This client is not yours."))
        if merge.undone_at or merge.within_id:
            raise Refusal(_("This is not to be taken back now."), rule="merge")
        for one in [*merge.parts.filter(undone_at=None).order_by("-pk"), merge]:
            _part(one, by, since_to_other)
        lead_fields_back(merge.carried["fields"], holder.pk, merge.other)
        refresh_companies([holder.pk, merge.other])
        _tell("client.parted", holder.pk, merge, by)
        _tell("client.parted", merge.other, merge, by)
    return merge


def _locked(survivor_id: int, other_id: int, by: Actor) -> tuple[Company, Company]:
    ids = sorted((survivor_id, other_id))
    found = {one.pk: one for one in Company.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(found) < 2 or (
        by.reach is not None and not all(access.sees(by.reach, one.audience) for one in found.values())
    ):
        raise Refusal(_("There is no such client among those you see."), rule="merge")
    return found[survivor_id], found[other_id]


def _merge(
    kind: str,
    survivor: int,
    other: int,
    by: Actor,
    *,
    own: Mapping[str, Any] | None = None,
    within: Merge | None = None,
) -> Merge:
    model, rules = _MODELS[kind]
    table = model._meta.db_table
    references = list(references_to(model))
    ours, theirs = read_row(table, survivor), read_row(table, other)
    values = choice.chosen(rules, ours, theirs, own or {})
    last = last_ids(references)
    moved, removed = carry(references, other=other, survivor=survivor)
    take_out(table, other)
    write_row(table, survivor, values)
    return Merge.objects.create(
        kind=kind,
        survivor=survivor,
        other=other,
        title=theirs["name"],
        within=within,
        carried={
            "row": theirs,
            "moved": moved,
            "removed": removed,
            "changed": {column: [ours[column], value] for column, value in values.items()},
            "last": last,
        },
        merged_at=clock.now(),
        merged_by_id=by.person_id,
    )


def _part(merge: Merge, by: Actor, since_to_other: bool) -> None:
    model, _rules = _MODELS[merge.kind]
    table = model._meta.db_table
    references = list(references_to(model))
    carried = merge.carried
    holder = holder_of(merge.kind, merge.survivor)
    put_back(table, [_as_of_now(carried["row"])])
    carry_back(references, carried["moved"], holder=holder, other=merge.other)
    if since_to_other:
        hand_over_newer(references, carried["last"], holder=holder, other=merge.other)
    for rows_of, rows in carried["removed"].items():
        put_back(rows_of, rows)
    _release(merge)
    _take_values_back(merge, table)
    merge.undone_at, merge.undone_by_id = clock.now(), by.person_id
    merge.save(update_fields=["undone_at", "undone_by"])


def _as_of_now(row: Mapping[str, Any]) -> dict[str, Any]:
    """A contact comes back to the client that its own has become part of since."""
    if "company_id" not in row:
        return dict(row)
    return {**row, "company_id": holder_of(Merge.Kind.COMPANY, row["company_id"])}


def _release(merge: Merge) -> None:
    """What went back is no part of what later merges carried on; contacts within others will come back to their own."""
    ours = merge.carried["moved"]
    standing = Merge.objects.select_for_update().filter(undone_at=None)
    holder = merge.survivor
    while above := standing.filter(kind=merge.kind, other=holder).first():
        moved = above.carried["moved"]
        above.carried["moved"] = {key: sorted({*ids} - {*ours.get(key, ())}) for key, ids in moved.items()}
        above.save(update_fields=["carried"])
        holder = above.survivor
    if merge.kind == Merge.Kind.COMPANY:
        people = ours.get("clients_contact.company_id", [])
        for one in standing.filter(kind=Merge.Kind.CONTACT, other__in=people):
            one.carried["row"]["company_id"] = merge.other
            one.save(update_fields=["carried"])


def _take_values_back(merge: Merge, table: str) -> None:
    """The survivor as it would be without this merge: in later merges' memory of it, and where it stands now."""
    changed = merge.carried["changed"]
    later = Merge.objects.select_for_update().filter(kind=merge.kind, undone_at=None, pk__gt=merge.pk)
    for one in later.filter(survivor=merge.survivor).order_by("pk"):
        for column, pair in one.carried["changed"].items():
            if column in changed:
                one.carried["changed"][column] = [_without(changed, column, value) for value in pair]
        one.save(update_fields=["carried"])
    gone = later.filter(other=merge.survivor).first()
    if gone:
        gone.carried["row"] |= choice.parted(changed, gone.carried["row"])
        gone.save(update_fields=["carried"])
    else:
        write_row(table, merge.survivor, choice.parted(changed, read_row(table, merge.survivor)))


def _without(changed: Mapping[str, list[Any]], column: str, value: Any) -> Any:
    return choice.parted({column: changed[column]}, {column: value}).get(column, value)


def _tell(kind: str, company: int, merge: Merge, by: Actor, *, also: list[str] | None = None) -> None:
    audience = Company.objects.values_list("audience", flat=True).get(pk=company)
    data = {"merge": merge.pk, "survivor": merge.survivor, "other": merge.other, "name": merge.title}
    record(kind, Refs(company=company, audience=[*audience, *(also or [])]), by=by, data=data)
