"""How two rows are compared, one thing at a time. Each ends in a level: MISSING, DIFFERENT, then ever more alike."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from .blocks import Pairs
from .columns import Bag, Column, Numbers, Shares

MISSING, DIFFERENT = 0, 1
#: How often a stranger has a value that nobody else in the base has: by mistake, since phones are not drawn by lot.
CHANCE = 2e-5
#: Both must be as like as this to have changed places.
ACROSS = 0.7
#: (left, right, wanted at least) → 0…1, as rapidfuzz has it.
Likeness = Callable[..., float]


@dataclass(frozen=True)
class Seen:
    """What one comparison found of each pair. `commonness`: how common the value is that they share, 0 if unsaid.

    `own`: a thing of one person, which relatives do not share either.
    """

    key: str
    levels: Numbers
    top: int
    commonness: Shares
    own: bool = True


class Comparison(Protocol):
    def see(self, pairs: Pairs) -> Iterable[Seen]:
        """Compare these pairs of rows."""


@dataclass(frozen=True)
class Text:
    """Two spellings of one thing, the levels cut where the likeness passes `cuts`; the last cut is sameness.

    `unique`: given out by an office, so that no two strangers have the same one.
    """

    key: str
    column: Column
    likeness: Likeness
    cuts: Sequence[float]
    own: bool = True
    unique: bool = False

    def see(self, pairs: Pairs) -> Iterable[Seen]:
        levels = _levels(_likeness(self.column, pairs[0], self.column, pairs[1], self.likeness), self.cuts)
        common = np.maximum(self.column.share(pairs[0]), self.column.share(pairs[1]))
        if self.unique:
            common = np.full(len(levels), CHANCE)
        yield Seen(self.key, levels, len(self.cuts) + 1, common, self.own)


@dataclass(frozen=True)
class Swappable:
    """Two things that people also write in each other's place, as name and surname."""

    first: Text
    second: Text

    def see(self, pairs: Pairs) -> Iterable[Seen]:
        a, b, (left, right) = self.first, self.second, pairs
        straight = [_likeness(text.column, left, text.column, right, text.likeness) for text in (a, b)]
        crossed = [_likeness(one.column, left, other.column, right, one.likeness) for one, other in ((a, b), (b, a))]
        better = sum(np.maximum(like, 0) for like in crossed) > sum(np.maximum(like, 0) for like in straight) + 0.5
        swapped = better & (np.minimum(*crossed) >= ACROSS)
        for text, as_is, across in zip((a, b), straight, crossed, strict=True):
            levels = _levels(np.where(swapped, across, as_is), text.cuts)
            one = text.column.share(left)
            common = np.where(swapped, one, np.maximum(one, text.column.share(right)))
            yield Seen(text.key, levels, len(text.cuts) + 1, common, text.own)
        yield Seen(f"{a.key}~{b.key}", np.where(swapped, 2, 1), 2, np.zeros(len(left)))


@dataclass(frozen=True)
class Shared:
    """Several values a row, as phones: none in common, with `nearly` two that are nearly the same, one in common."""

    key: str
    bag: Bag
    own: bool = False
    nearly: Likeness | None = None

    def see(self, pairs: Pairs) -> Iterable[Seen]:
        left, right = pairs
        has = np.zeros(self.bag.size, bool)
        has[self.bag.rows] = True
        levels = np.where(has[left] & has[right], DIFFERENT, MISSING)
        top = DIFFERENT + (2 if self.nearly else 1)
        if self.nearly:
            self._see_nearly(levels, pairs, self.nearly)
        common = np.zeros(len(left))
        known = max(int(has.sum()), 1)
        for pair, code in _in_common(self.bag, left, right):
            share = np.maximum(self.bag.counts[code] - 2, 0) / known + CHANCE
            rarer = (levels[pair] < top) | (share < common[pair])
            levels[pair], common[pair] = top, np.where(rarer, share, common[pair])
        yield Seen(self.key, levels, top, common, self.own)

    def _see_nearly(self, levels: Numbers, pairs: Pairs, nearly: Likeness) -> None:
        firsts, seconds = (self.bag.nth(place) for place in (0, 1))
        for one in (firsts, seconds):
            for other in (firsts, seconds):
                like = _likeness(one, pairs[0], other, pairs[1], nearly)
                levels[(levels == DIFFERENT) & (like > 0)] = DIFFERENT + 1


def _in_common(bag: Bag, left: Numbers, right: Numbers) -> Iterable[tuple[Numbers, Numbers]]:
    """Pairs with a common value: for the n-th value of the left row, (pairs, code) where the right row has it too."""
    order = np.argsort(bag.rows, kind="stable")
    rows, codes = bag.rows[order], bag.codes[order]
    starts, ends = np.searchsorted(rows, np.arange(bag.size)), np.searchsorted(rows, np.arange(bag.size), side="right")
    held = np.unique(rows * (len(bag.words) + 1) + codes)
    for nth in range(int((ends - starts).max(initial=0))):
        with_nth = np.flatnonzero(starts[left] + nth < ends[left])
        code = codes[starts[left[with_nth]] + nth]
        wanted = right[with_nth] * (len(bag.words) + 1) + code
        place = np.minimum(np.searchsorted(held, wanted), max(len(held) - 1, 0))
        both = held[place] == wanted if len(held) else np.zeros(len(wanted), bool)
        yield with_nth[both], code[both]


def _likeness(one: Column, left: Numbers, other: Column, right: Numbers, likeness: Likeness) -> NDArray[np.float64]:
    """Of each pair, -1 where a value is missing; every two words are compared once, however often they meet."""
    width = len(other.words) + 1
    numbers, back = np.unique((one.codes[left] + 1) * width + other.codes[right] + 1, return_inverse=True)
    first, second = numbers // width - 1, numbers % width - 1
    known = (first >= 0) & (second >= 0)
    result = np.full(len(numbers), -1.0)
    a, b = [one.words[code] for code in first[known]], [other.words[code] for code in second[known]]
    result[known] = process.cpdist(a, b, scorer=likeness) if a else []
    return result[back]


def _levels(likeness: NDArray[np.float64], cuts: Sequence[float]) -> Numbers:
    # The likeness is counted in single precision, where 0.85 may be a little less.
    levels = DIFFERENT + sum((likeness >= cut - 1e-6).astype(np.int64) for cut in cuts)
    return np.where(likeness < 0, MISSING, levels)
