"""Two people of one client who are one person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.merging.joining import Pair, join
from voronka.clients.models import Company, Contact, Merge
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..merging import KINDS
from ._tell_merges import tell_merged


def merge_contacts(survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None) -> Merge:
    """Make `other` part of `survivor`, both people of one client. Raises Refusal."""
    with transaction.atomic():
        clients = Contact.objects.filter(pk__in=(survivor_id, other_id)).values("company_id")
        found = list(Company.objects.select_for_update().filter(pk__in=clients).order_by("pk"))
        if not found or (by.reach is not None and not all(access.sees(by.reach, one.audience) for one in found)):
            raise Refusal(_("There is no such client among those you see."), rule="merge")
        if len(found) > 1:
            raise Refusal(_("These are people of two clients: merge the clients."), rule="merge")
        if Contact.objects.filter(company=found[0], pk__in=(survivor_id, other_id)).count() < 2:
            raise Refusal(_("This is one and the same person."), rule="merge")
        [merge] = _join([Pair(survivor_id, other_id, values or {})], by, None)
    return merge


def merge_many_contacts(pairs: Sequence[Pair], *, by: Actor, scan: int | None = None) -> list[Merge]:
    """As `merge_contacts`, many at once; those who are not people of one client any more are left as they are."""
    with transaction.atomic():
        ids = {pk for pair in pairs for pk in (pair.survivor, pair.other)}
        clients = Contact.objects.filter(pk__in=ids).values("company_id")
        list(Company.objects.select_for_update().filter(pk__in=clients).order_by("pk").values_list("pk"))
        whose = dict(Contact.objects.filter(pk__in=ids).values_list("pk", "company_id"))
        fit = [one for one in pairs if whose.get(one.survivor, 0) == whose.get(one.other, -1)]
        return _join(fit, by, scan)


def _join(pairs: Sequence[Pair], by: Actor, scan: int | None) -> list[Merge]:
    merges = join(KINDS[Merge.Kind.CONTACT], pairs, by=by, scan=scan)
    tell_merged(merges, by)
    return merges
