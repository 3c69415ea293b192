"""Deals that belong to a deal: linked ones with their word, and others of the same client; through the gate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from .models import Deal, DealLink

MOST = 6


@dataclass(frozen=True, kw_only=True)
class Related:
    """`word` is empty for a deal that only has the same client."""

    deal: Deal
    word: str = ""


def related(deal: Deal, person: Person) -> Sequence[Related]:
    """Linked first, then the client's, open before closed, newest first. Two queries."""
    words = {
        link.other_id if link.deal_id == deal.pk else link.deal_id: link.word
        for link in DealLink.objects.filter(Q(deal=deal) | Q(other=deal))
    }
    deals = Deal.objects.visible_to(person).select_related("stage", "company").exclude(pk=deal.pk)
    newest = (F("closed_at").desc(nulls_first=True), "-id")
    of_client = deals.filter(company_id=deal.company_id).exclude(pk__in=words).order_by(*newest)[:MOST]
    linked = deals.filter(pk__in=words).order_by("-id") if words else []
    return [Related(deal=one, word=words.get(one.pk, "")) for one in (*linked, *of_client)]


def seen_others(events: Iterable[Mapping[str, Any]], by: Actor) -> frozenset[int]:
    """Of the deals that these data of events name as linked those that `by` sees. A query when there are any."""
    ids = {data["other"] for data in events if isinstance(data.get("other"), int)}
    if not ids:
        return frozenset()
    return frozenset(Deal.objects.filter(pk__in=ids).within(by.reach).values_list("pk", flat=True))
