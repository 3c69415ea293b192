"""Deals that belong to a deal: linked ones with their word, and others of the same client; through the gate."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q

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
