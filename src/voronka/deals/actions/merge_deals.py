"""Two open deals of one client with one need become one with both histories."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merging.joining import Pair, join
from voronka.clients.models import Company, Merge
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..access import change_refusal
from ..merging import KINDS
from ..models import Deal
from ._rows import locked_rows
from ._settle_merged import settle_deals
from ._tell_merges import tell_merged


def merge_deals(survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None) -> Merge:
    """Make `other` part of `survivor`, which stays at its stage. `values`: columns of the deal as a person chose them;
    the rest by `clients.merging.choice`. Raises Refusal.
    """
    with transaction.atomic():
        pair = Pair(survivor_id, other_id, values or {})
        found = _locked([pair])
        if no := _refusal(pair, found, by):
            raise no
        [merge] = _join([pair], by, None)
    return merge


def merge_many_deals(pairs: Sequence[Pair], *, by: Actor, scan: int | None = None) -> list[Merge]:
    """As `merge_deals`, many at once; those that may not be one any more are left as they are."""
    with transaction.atomic():
        found = _locked(pairs)
        return _join([pair for pair in pairs if not _refusal(pair, found, by)], by, scan)


def _locked(pairs: Sequence[Pair]) -> dict[int, Deal]:
    """Deals by id; their clients are locked first, so that no two merges of one client go on at once."""
    ids = {pk for pair in pairs for pk in (pair.survivor, pair.other)}
    clients = Deal.objects.filter(pk__in=ids).values("company_id")
    list(Company.objects.select_for_update(no_key=True).filter(pk__in=clients).order_by("pk").values_list("pk"))
    return {deal.pk: deal for deal in locked_rows(sorted(ids))}


def _refusal(pair: Pair, found: Mapping[int, Deal], by: Actor) -> Refusal | None:
    survivor, other = found.get(pair.survivor), found.get(pair.other)
    if survivor is None or other is None:
        return Refusal(_("There is no such deal among those you see."), rule="merge")
    if survivor.pk == other.pk:
        return Refusal(_("This is one and the same deal."), rule="merge")
    if survivor.company_id != other.company_id:
        return Refusal(_("These are deals of two clients: merge the clients first."), rule="merge")
    if survivor.closed_at or other.closed_at:
        return Refusal(_("A closed deal has been counted and stays by itself."), rule="merge")
    return change_refusal(by, survivor) or change_refusal(by, other)


def _join(pairs: Sequence[Pair], by: Actor, scan: int | None) -> list[Merge]:
    merges = join(KINDS[Merge.Kind.DEAL], pairs, by=by, scan=scan)
    settle_deals({merge.survivor for merge in merges})
    tell_merged(merges, by)
    return merges
