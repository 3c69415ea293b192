"""Two clients become one, with everything that hangs on them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merging.joining import Pair, join
from voronka.clients.merging.pairing import same_people
from voronka.clients.models import Company, Contact, Merge
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..merging import KINDS
from ._rows import refresh_companies
from ._tell_merges import tell_merged

#: Contact of the client that is no more → the contact of the survivor who is the same person; 0: surely nobody.
People = Mapping[int, int]


def merge_clients(
    survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None, people: People | None = None
) -> Merge:
    """Make `other` part of `survivor`. Contacts that are one person become one, too: those of `people`, and those whom
    `clients.merging.pairing` knows. `values`: columns of the client as a person chose them; the rest by
    `clients.merging.choice`. Raises Refusal.
    """
    if survivor_id == other_id:
        raise Refusal(_("This is one and the same client."), rule="merge")
    with transaction.atomic():
        pair = Pair(survivor_id, other_id, values or {})
        found = _locked([pair])
        if not _both(pair, found, by):
            raise Refusal(_("There is no such client among those you see."), rule="merge")
        [merge] = _join([pair], by, people or {}, None)
    return merge


def merge_many_clients(
    pairs: Sequence[Pair], *, by: Actor, people: People | None = None, scan: int | None = None
) -> list[Merge]:
    """As `merge_clients`, many at once; those that can't be one any more are left as they are."""
    with transaction.atomic():
        found = _locked(pairs)
        return _join([pair for pair in pairs if _both(pair, found, by)], by, people or {}, scan)


def _locked(pairs: Sequence[Pair]) -> dict[int, Company]:
    ids = {pk for pair in pairs for pk in (pair.survivor, pair.other)}
    return {one.pk: one for one in Company.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _both(pair: Pair, found: Mapping[int, Company], by: Actor) -> bool:
    """Whether both are there and seen."""
    both = [found[pk] for pk in (pair.survivor, pair.other) if pk in found]
    return len(both) == 2 and (by.reach is None or all(access.sees(by.reach, one.audience) for one in both))


def _join(pairs: Sequence[Pair], by: Actor, people: People, scan: int | None) -> list[Merge]:
    known = _people_of({pk for pair in pairs for pk in (pair.survivor, pair.other)})
    merges = join(KINDS[Merge.Kind.COMPANY], pairs, by=by, scan=scan)
    one_person = [
        Pair(ours, theirs, within=merge)
        for merge in merges
        for theirs, ours in _same(known.get(merge.survivor, ()), known.get(merge.other, ()), people).items()
    ]
    join(KINDS[Merge.Kind.CONTACT], one_person, by=by, scan=scan)
    refresh_companies(merge.survivor for merge in merges)
    tell_merged(merges, by)
    return merges


def _people_of(company_ids: Collection[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    people = Contact.objects.filter(company__in=company_ids).prefetch_related("identities")
    for contact in people.order_by("pk"):
        found.setdefault(contact.company_id, []).append(contact)
    return found


def _same(survivors: Collection[Contact], others: Collection[Contact], people: People) -> dict[int, int]:
    ours = {one.pk for one in survivors}
    told = {one.pk: people[one.pk] for one in others if people.get(one.pk) in ours}
    taken = set(told.values())
    rest = same_people(
        [one for one in survivors if one.pk not in taken], [one for one in others if one.pk not in people]
    )
    return told | dict(rest)
