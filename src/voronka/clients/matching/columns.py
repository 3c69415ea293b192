"""A column of a table as numbers, with how often each value comes."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """`codes` per row, -1 where there is nothing; `words` and `counts` per code."""

    codes: Numbers
    words: list[str]
    counts: Numbers

    @classmethod
    def of(cls, values: Sequence[str]) -> "Column":
        codes, words = numbered(values)
        return cls(codes, words, np.bincount(codes[codes >= 0], minlength=len(words)))

    def share(self, rows: Numbers) -> Shares:
        """How common the value of each of these rows is among the other rows; 0 where there is none."""
        if not len(self.counts):
            return np.zeros(len(rows))
        others = np.maximum(self.counts[self.codes[rows]] - 1, 0.5) / self.counts.sum()
        return np.where(self.codes[rows] >= 0, others, 0.0)


@dataclass(frozen=True)
class Bag:
    """Several values a row, as phones are: `rows` and `codes` side by side, `counts` per code."""

    rows: Numbers
    codes: Numbers
    words: list[str]
    counts: Numbers
    size: int

    @classmethod
    def of(cls, values: Sequence[Sequence[str]]) -> "Bag":
        rows = np.repeat(np.arange(len(values)), [len(found) for found in values])
        codes, words = numbered([value for found in values for value in found])
        return cls(rows, codes, words, np.bincount(codes, minlength=len(words)), len(values))

    def nth(self, place: int) -> Column:
        """The value of each row that stands in this place, if there is one."""
        starts = np.searchsorted(self.rows, np.arange(self.size))
        ends = np.searchsorted(self.rows, np.arange(self.size), side="right")
        codes = np.full(self.size, -1, np.int64)
        there = starts + place < ends
        codes[there] = self.codes[starts[there] + place]
        return Column(codes, self.words, self.counts)


def numbered(values: Sequence[Hashable]) -> tuple[Numbers, list]:
    """A number for each value, the same for the same one, and the values by number; -1 for nothing."""
    known: dict[Hashable, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) if value else -1 for value in values), np.int64)
    return codes, list(known)


def joined(*columns: Numbers) -> Numbers:
    """The key of several together; -1 where one of them is missing."""
    key = columns[0]
    for other in columns[1:]:
        missing = (key < 0) | (other < 0)
        _values, key = np.unique(key * (int(other.max(initial=0)) + 1) + other, return_inverse=True)
        key = np.where(missing, -1, key)
    return key
