"""Two people of one client who are one person."""

from collections.abc import Mapping
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


def merge_contacts(
    survivor_id: int, other_id: int, *, by: Actor, values: Mapping[str, Any] | None = None, scan: int | None = None
) -> Merge:
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
        pair = Pair(survivor_id, other_id, values or {})
        [merge] = join(KINDS[Merge.Kind.CONTACT], [pair], by=by, scan=scan)
        tell_merged([merge], by)
    return merge
