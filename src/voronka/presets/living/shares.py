"""Weighted choices that keep their shares: what is rare comes in its turn and does not wait for luck."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Shares:
    """Of a few dozen deals each way gets as many as its weight says, so that also a short story tells all of it."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: dict[Hashable, list[int]] = defaultdict(list)

    def pick(self, name: Hashable, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options: whichever is furthest behind its share of what was given under this name so far."""
        given = self._given[name] or [0] * len(options)
        self._given[name] = given
        part = (sum(given) + 1) / sum(weights)
        behind = [weight * part - count + self._rng.random() / 2 for weight, count in zip(weights, given, strict=True)]
        chosen = behind.index(max(behind))
        given[chosen] += 1
        return options[chosen]
