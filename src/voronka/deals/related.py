"""Deals that belong to a deal: linked ones with their word, and others of the same client; through the gate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Sum, Window

from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from . import kept
from .models import Deal, DealLink, Stage

MOST = 6


@dataclass(frozen=True, kw_only=True)
class Related:
    """`word` is empty for a deal that only has the same client."""

    deal: Deal
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class Others:
    """`won`: how many others this client has won, and `won_sum` for how much, as far as the person sees."""

    related: Sequence[Related]
    won: int = 0
    won_sum: Decimal = Decimal(0)


def others(deal: Deal, person: Person) -> Others:
    """Linked first, then the client's, open before closed, newest first. Two queries."""
    words = {
        link.other_id if link.deal_id == deal.pk else link.deal_id: link.word
        for link in DealLink.objects.filter(Q(deal=deal) | Q(other=deal))
    }
    of_client, linked = Q(company_id=deal.company_id), Q(pk__in=words)
    won = of_client & Q(stage__in=[pk for pk, one in kept.stages().items() if one.meaning == Stage.Meaning.WON])
    found = (
        Deal.objects.visible_to(person)
        .filter(of_client | linked if words else of_client)
        .exclude(pk=deal.pk)
        .annotate(won=Window(Count("pk", filter=won)), won_sum=Window(Sum("amount", filter=won)))
        .select_related("stage", "company")
        .only("title", "amount", "company__name", "stage__title")
    )
    first = [ExpressionWrapper(linked, output_field=BooleanField()).desc()] if words else []
    rows = list(found.order_by(*first, F("closed_at").desc(nulls_first=True), "-id")[: MOST + len(words)])
    return Others(
        related=[Related(deal=one, word=words.get(one.pk, "")) for one in rows],
        won=rows[0].won if rows else 0,
        won_sum=rows[0].won_sum or Decimal(0) if rows else Decimal(0),
    )


def seen_others(events: Iterable[Mapping[str, Any]], by: Actor) -> frozenset[int]:
    """Of the deals that these data of events name as linked those that `by` sees. A query when there are any."""
    ids = {data["other"] for data in events if isinstance(data.get("other"), int)}
    if not ids:
        return frozenset()
    return frozenset(Deal.objects.filter(pk__in=ids).within(by.reach).values_list("pk", flat=True))
