"""Two clients become one, with everything that hangs on them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merging.joining import Pair, join
from voronka.clients.merging.pairing import same_people
from voronka.clients.models import Company, Merge
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..merging import KINDS
from ._rows import refresh_companies
from ._tell_merges import tell_merged


def merge_clients(
    survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None, scan: int | None = None
) -> Merge:
    """Make `other` part of `survivor`. Contacts that are one person become one, too. `values`: columns of the client
    as a person chose them; the rest by `clients.merging.choice`. `scan`: the search that found them. Raises Refusal.
    """
    if survivor_id == other_id:
        raise Refusal(_("This is one and the same client."), rule="merge")
    with transaction.atomic():
        survivor, other = _locked(survivor_id, other_id, by)
        people = [list(one.contacts.prefetch_related("identities").order_by("pk")) for one in (survivor, other)]
        pair = Pair(survivor.pk, other.pk, values or {})
        [merge] = join(KINDS[Merge.Kind.COMPANY], [pair], by=by, scan=scan)
        one_person = [Pair(ours, theirs) for theirs, ours in same_people(*people).items()]
        join(KINDS[Merge.Kind.CONTACT], one_person, by=by, within=merge)
        refresh_companies([survivor.pk])
        tell_merged([merge], by)
    return merge


def _locked(survivor_id: int, other_id: int, by: Actor) -> tuple[Company, Company]:
    ids = sorted((survivor_id, other_id))
    found = {one.pk: one for one in Company.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(found) < 2 or (
        by.reach is not None and not all(access.sees(by.reach, one.audience) for one in found.values())
    ):
        raise Refusal(_("There is no such client among those you see."), rule="merge")
    return found[survivor_id], found[other_id]
