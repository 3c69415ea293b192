"""Limits of work in progress: how full stages are, whichever way deals come. What a full stage means is in `rules`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from voronka.kernel.access import Reach

from .models import Deal, Stage
from .rules import WipFacts, full_words

#: Stage → whose hands → how many open deals; `ALL` are all hands together.
Load = Mapping[int, Mapping[int | None, int]]
ALL = 0


@dataclass(frozen=True, kw_only=True)
class Fullness:
    """The fullest place of a limited stage: the stage itself, or one person's hands (`person`: id)."""

    held: int
    limit: int
    person: int | None = None

    @property
    def tone(self) -> str:
        return "late" if self.held > self.limit else "today" if self.held == self.limit else ""


def load_of(stages: Iterable[Stage], *, seen_by: Reach | None = None) -> Load:
    """One query, none where nothing is limited.

    A stage's own limit counts every deal, whoever looks: of a part of them it would be none. With `seen_by` other
    people's hands are counted as far as that person sees them.
    """
    limited = [stage for stage in stages if stage.wip_limit]
    if not limited:
        return {}
    hands = [stage.pk for stage in limited if stage.wip_per == Stage.WipPer.RESPONSIBLE]
    whole = [stage.pk for stage in limited if stage.pk not in hands]
    held = Deal.objects.visible_to(seen_by) if seen_by else Deal.objects.all()
    rows = _counted(Deal.objects.filter(stage__in=whole)).union(_counted(held.filter(stage__in=hands)), all=True)
    load: dict[int, dict[int | None, int]] = {stage.pk: {ALL: 0} for stage in limited}
    for stage_id, person_id, count in rows:
        load[stage_id][person_id] = count
        load[stage_id][ALL] += count
    return load


def facts_of(to: Stage, load: Load, *, hands: int | None) -> WipFacts | None:
    """The limit that a deal in these hands would meet there; None where there is none, or it is nobody's yet."""
    by_hands = to.wip_per == Stage.WipPer.RESPONSIBLE
    if not to.wip_limit or (by_hands and hands is None):
        return None
    held = load.get(to.pk, {}).get(hands if by_hands else ALL, 0)
    return WipFacts(limit=to.wip_limit, held=held, by_hands=by_hands, enforced=to.wip_enforced)


class Room:
    """What limited stages still hold, counted on as deals are let in."""

    def __init__(self, stages: Iterable[Stage] = ()) -> None:
        self.load: dict[int, dict[int | None, int]] = {}
        self.look_at(stages)

    def look_at(self, stages: Iterable[Stage]) -> None:
        """Count those not counted yet. One query, none where nothing is limited."""
        found = load_of(stage for stage in stages if stage.pk not in self.load)
        self.load |= {pk: dict(hands) for pk, hands in found.items()}

    def let_in(self, to: Stage, *, hands: int | None) -> WipFacts | None:
        """The limit that is met, if one is; where it is enforced the deal stays outside and is not counted."""
        facts = facts_of(to, self.load, hands=hands)
        full = facts if full_words(facts, to.title) else None
        if to.pk in self.load and not (full and full.enforced):
            for whose in {ALL, hands} - {None}:
                self.load[to.pk][whose] = self.load[to.pk].get(whose, 0) + 1
        return full


def fullness(stage: Stage, load: Load) -> Fullness | None:
    """What the head of a column says of its limit."""
    if not stage.wip_limit:
        return None
    held = load.get(stage.pk, {})
    if stage.wip_per == Stage.WipPer.STAGE:
        return Fullness(held=held.get(ALL, 0), limit=stage.wip_limit)
    people = {person: count for person, count in held.items() if person}
    fullest = max(people, key=lambda person: people[person], default=None)
    return Fullness(held=people[fullest] if fullest else 0, limit=stage.wip_limit, person=fullest)


def _counted(deals: QuerySet[Deal]) -> QuerySet:
    counted: Sequence[str] = ("stage_id", "responsible_id")
    return deals.filter(closed_at=None).order_by().values_list(*counted).annotate(count=Count("pk"))
