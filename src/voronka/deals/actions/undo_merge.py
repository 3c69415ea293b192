"""One client or deal is two again, whatever was done in between."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merges import holders_of
from voronka.clients.merging.parting import layers, lift_layer, mark_undone, sorted_out, take_out_of_pile
from voronka.clients.models import Company, Merge
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..merging import KINDS
from ._rows import refresh_companies
from ._settle_merged import settle_deals
from ._tell_merges import tell_parted


def undo_merge(merge_id: int, *, by: Actor, since_to_other: bool = False) -> Merge:
    """Both as they were, with what was done to the rows of each since. What was added since stays with the survivor,
    or goes to the other one. Raises Refusal.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        holder = _clients_of([merge])[0]
        if by.reach is not None and not access.sees(by.reach, holder.audience):
            raise Refusal(_("This client is not yours."))
        if merge.undone_at or merge.within_id:
            raise Refusal(_("This is not to be taken back now."), rule="merge")
        _settle(take_out_of_pile(KINDS, merge, by=by, since_to_other=since_to_other), by)
    return merge


def undo_merges(merges: Sequence[Merge], *, by: Actor) -> None:
    """Merges that are no parts of others, all at once where nothing but each other came on top of them. What was
    added since stays with the survivors."""
    with transaction.atomic():
        _clients_of(merges)
        standing = list(Merge.objects.select_for_update().filter(pk__in=[one.pk for one in merges], undone_at=None))
        undone = []
        free, buried = sorted_out(standing)
        for one in buried:
            one.refresh_from_db()
            if one.undone_at is None:
                undone += take_out_of_pile(KINDS, one, by=by)
        gone = {one.pk for one in undone}
        for layer in layers([one for one in free if one.pk not in gone]):
            undone += lift_layer(KINDS, layer)
        mark_undone(undone, by)
        _settle(undone, by)


def _clients_of(merges: Sequence[Merge]) -> list[Company]:
    """Where their clients are now, locked in order."""
    ids = holders_of(Merge.Kind.COMPANY, [merge.client for merge in merges]).values()
    return list(Company.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _settle(undone: Sequence[Merge], by: Actor) -> None:
    """What follows from rows that came and went; who is told."""
    deals, clients = (
        holders_of(kind, [pk for one in undone if one.kind == kind for pk in (one.survivor, one.other)])
        for kind in (Merge.Kind.DEAL, Merge.Kind.COMPANY)
    )
    settle_deals(set(deals.values()))
    refresh_companies(set(clients.values()))
    tell_parted([one for one in undone if one.within_id is None], by)
