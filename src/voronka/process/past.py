"""What a rule has done: how often it ran and what came of it, through the gate of its deals and clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from voronka.clients.models import Company
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.staff.models import Person

from .models import Trace

#: So many days are counted.
DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Runs of the last DAYS days. `days`: each of them, the oldest first, with its number."""

    days: Mapping[date, int]
    outcomes: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())


def runs(rule: str, person: Person) -> QuerySet[Trace]:
    """Its runs about what this person sees, newest first."""
    found = Trace.objects.filter(rule=rule).order_by("-at", "-id")
    if EVERYTHING in person.reach:
        return found
    deal = Deal.objects.visible_to(person).filter(pk=OuterRef("deal"))
    client = Company.objects.visible_to(person).filter(pk=OuterRef("company"))
    of_client = Q(deal=None) & (Q(company=None) | Exists(client))
    return found.filter(Exists(deal) | of_client)


def tally(rule: str, person: Person) -> Tally:
    """One query."""
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    days = {today - timedelta(days=ago): 0 for ago in reversed(range(DAYS))}
    outcomes: dict[str, int] = {}
    recent = runs(rule, person).filter(at__gte=clock.now() - timedelta(days=DAYS)).order_by()
    for row in recent.values("outcome", day=TruncDate("at")).annotate(count=Count("pk")):
        outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["count"]
        if row["day"] in days:
            days[row["day"]] += row["count"]
    return Tally(days=days, outcomes=outcomes)
