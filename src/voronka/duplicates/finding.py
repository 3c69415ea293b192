"""Rows that are one, found among many: groups that are surely one, and pairs that people must judge."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voronka.clients.matching.blocks import Pairs, chance_pairs
from voronka.clients.matching.certainty import ASKED, identified
from voronka.clients.matching.comparisons import Comparison, Seen
from voronka.clients.matching.groups import grouped
from voronka.clients.matching.matcher import CHANCE_PAIRS, Compared, see
from voronka.clients.matching.model import Learned, learn, weigh
from voronka.clients.matching.reasons import reasons

#: Which pairs may be one at all.
May = Callable[[Pairs], NDArray[np.bool_]]
#: How many reasons of a pair are kept.
REASONS = 8


@dataclass(frozen=True)
class Doubt:
    """Two rows, by their places; `reasons` are [key, level, weight]."""

    left: int
    right: int
    odds: float
    reasons: list[tuple[str, int, float]]


@dataclass(frozen=True)
class Found:
    """`sure`: groups of places that are one beyond the threshold; `doubts`: likely pairs of these and of others."""

    sure: list[list[int]]
    doubts: list[Doubt]
    learned: Learned | None = None


def _of_all(rows: int, _compared: int) -> float:
    return rows * (rows - 1) / 2


@dataclass(frozen=True)
class Question:
    """How rows of a kind are compared. `certain`: which pairs may be merged without asking. `every`: of how many pairs
    those worth comparing were chosen, from the number of rows and of these."""

    comparisons: Callable[[Sequence[Any]], Iterator[Comparison]]
    candidates: Callable[[Sequence[Any]], Pairs]
    certain: Callable[[Sequence[Seen]], NDArray[np.bool_]] = field(default=identified)
    every: Callable[[int, int], float] = _of_all


def find(
    question: Question,
    cards: Sequence[Any],
    *,
    least: float | None,
    may: May,
    learned: Learned | None = None,
) -> Found:
    """`least`: odds from which a group is sure; None: nothing is. `learned`: of an earlier search over all rows, when
    only some pairs are looked at.
    """
    pairs = question.candidates(cards)
    fit = may(pairs)
    pairs = (pairs[0][fit], pairs[1][fit])
    if not len(pairs[0]):
        return Found([], [], learned)
    known = list(question.comparisons(cards))
    seen = see(known, pairs)
    if learned is None:
        by_chance = see(known, chance_pairs(len(cards), CHANCE_PAIRS))
        learned = learn(seen, by_chance, rows=len(cards), pairs=question.every(len(cards), len(pairs[0])))
    compared = Compared(pairs, seen, learned, weigh(seen, learned))
    odds = compared.weighed.odds
    certain = np.where(question.certain(seen), odds, ASKED)
    sure = grouped(pairs, certain, least=least) if least is not None else []
    return Found(sure, list(_doubts(compared, sure)), learned)


def _doubts(compared: Compared, sure: Sequence[Sequence[int]]) -> Iterator[Doubt]:
    """Of each likely group the first row with each other one; rows that are surely one count as their first."""
    first = {row: rows[0] for rows in sure for row in rows}
    places = {pair: place for place, pair in enumerate(zip(*(side.tolist() for side in compared.pairs), strict=True))}
    odds = compared.weighed.odds
    for rows in grouped(compared.pairs, odds, least=ASKED):
        best: dict[int, tuple[float, int]] = {}
        chief = min(first.get(row, row) for row in rows)
        for place, left in enumerate(rows):
            for right in rows[place + 1 :]:
                one, other = sorted((first.get(left, left), first.get(right, right)))
                number = places.get((left, right))
                if one == chief and other != chief and number is not None:
                    best[other] = max(best.get(other, (-np.inf, 0)), (float(odds[number]), number))
        for other, (weight, number) in best.items():
            why = [(one.key, one.level, one.weight) for one in reasons(compared.seen, compared.weighed, number)]
            yield Doubt(chief, other, weight, why[:REASONS])
