"""The whole way: rows, the pairs worth comparing, what was learned of them, their odds."""

from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import Pairs, chance_pairs
from .comparisons import Comparison, Seen
from .model import Learned, Weighed, learn, weigh

CHANCE_PAIRS = 30_000


@dataclass(frozen=True)
class Compared:
    pairs: Pairs
    seen: list[Seen]
    learned: Learned
    weighed: Weighed


def see(comparisons: Sequence[Comparison], pairs: Pairs) -> list[Seen]:
    return [one for comparison in comparisons for one in comparison.see(pairs)]


def compare(comparisons: Sequence[Comparison], pairs: Pairs, *, rows: int, all_pairs: float | None = None) -> Compared:
    """Learn from these rows and weigh the pairs worth comparing. `all_pairs`: how many there are, of one set or two."""
    seen = see(comparisons, pairs)
    by_chance = see(comparisons, chance_pairs(rows, CHANCE_PAIRS))
    learned = learn(seen, by_chance, rows=rows, pairs=all_pairs or rows * (rows - 1) / 2)
    return Compared(pairs, seen, learned, weigh(seen, learned))
