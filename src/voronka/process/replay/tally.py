"""Counting what two documents would have done: figures with the deals behind them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .simulate import Effect

#: Of a figure at most so many deals are kept to be opened.
KEPT = 100_000

Key = tuple[str, str, int]


@dataclass(slots=True)
class Side:
    """What one document would have done: how often by (kind, rule, step), on which deals, for whom."""

    counts: Counter[Key] = field(default_factory=Counter)
    deals: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: Counter[int] = field(default_factory=Counter)

    def add(self, deal_id: int, responsible: int | None, effects: Iterable[Effect]) -> None:
        for effect in effects:
            key = (effect.kind, effect.rule, effect.step)
            self.counts[key] += 1
            if len(self.deals[key]) < KEPT:
                self.deals[key].add(deal_id)
            if effect.kind == "task" and responsible:
                self.people[responsible] += 1
