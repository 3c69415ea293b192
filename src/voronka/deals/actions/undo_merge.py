"""One client or deal is two again, whatever was done in between."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merges import holder_of
from voronka.clients.merging.parting import take_out_of_pile
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
        holder = _client_of([merge])[0]
        if by.reach is not None and not access.sees(by.reach, holder.audience):
            raise Refusal(_("This client is not yours."))
        if merge.undone_at or merge.within_id:
            raise Refusal(_("This is not to be taken back now."), rule="merge")
        _settle(take_out_of_pile(KINDS, merge, by=by, since_to_other=since_to_other), by)
    return merge


def _client_of(merges: Sequence[Merge]) -> list[Company]:
    """Where their clients are now, locked in order."""
    ids = {holder_of(Merge.Kind.COMPANY, merge.client) for merge in merges}
    return list(Company.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _settle(undone: Sequence[Merge], by: Actor) -> None:
    """What follows from rows that came and went; who is told."""
    deals = {pk for one in undone if one.kind == Merge.Kind.DEAL for pk in (one.survivor, one.other)}
    settle_deals({holder_of(Merge.Kind.DEAL, pk) for pk in deals})
    clients = {pk for one in undone if one.kind == Merge.Kind.COMPANY for pk in (one.survivor, one.other)}
    refresh_companies({holder_of(Merge.Kind.COMPANY, pk) for pk in clients})
    tell_parted([one for one in undone if one.within_id is None], by)
