"""What an act would do, before it does it: counts, examples, and what stays and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import QuerySet

from voronka.deals.models import Deal, Funnel, Stage
from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from .kinds import Judgement, Kind

#: How many of a group are shown by name.
NAMED = 30
AT_ONCE = 2000


@dataclass(frozen=True)
class Example:
    deal: Deal
    judgement: Judgement


@dataclass
class Group:
    """Deals that stay for the same reason; the first of them by name."""

    reason: str
    count: int = 0
    deals: list[Deal] = field(default_factory=list)


@dataclass
class Preview:
    changing: int = 0
    warned: int = 0
    warning: str = ""
    same: int = 0
    examples: list[Example] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def staying(self) -> int:
        return sum(group.count for group in self.groups)


def preview(deals: QuerySet[Deal], kind: Kind, by: Actor) -> Preview:
    """Judge every deal, by the thousand."""
    found = Preview()
    groups: dict[str, Group] = {}
    for deal, said in _judged(deals, kind, by):
        if said.same:
            found.same += 1
        elif said.refusal:
            group = groups.setdefault(said.refusal, Group(said.refusal))
            group.count += 1
            if len(group.deals) < NAMED:
                group.deals.append(deal)
        else:
            found.changing += 1
            found.warned += bool(said.warning)
            found.warning = found.warning or said.warning
            if len(found.examples) < NAMED:
                found.examples.append(Example(deal, said))
    found.groups = sorted(groups.values(), key=lambda group: -group.count)
    return found


def _judged(deals: QuerySet[Deal], kind: Kind, by: Actor) -> Iterator[tuple[Deal, Judgement]]:
    coming = _with_places(deals)
    while some := list(islice(coming, AT_ONCE)):
        kind.meet(some, by)
        for deal in some:
            yield deal, kind.judge(deal, by)


def _with_places(deals: QuerySet[Deal]) -> Iterator[Deal]:
    """Stages, funnels and people are few: read once and hung on each deal, instead of a join for every row."""
    stages = {stage.pk: stage for stage in Stage.objects.all()}
    funnels = {funnel.pk: funnel for funnel in Funnel.objects.all()}
    people = {person.pk: person for person in Person.objects.all()}
    for deal in deals.select_related("company", "contact").defer(*_UNREAD).iterator(AT_ONCE):
        deal.stage, deal.funnel = stages[deal.stage_id], funnels[deal.funnel_id]
        deal.responsible = people[deal.responsible_id] if deal.responsible_id else None
        yield deal


_UNREAD: Sequence[str] = ("utm", "first_touch", "last_touch")
