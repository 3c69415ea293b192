"""Pairs into groups. What three rows say together decides: «a is b» and «b is c» do not stand if a is surely not c."""

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .blocks import Pairs
from .columns import Shares

#: Odds of two rows that were not even worth comparing.
UNSEEN = -6.0


def grouped(pairs: Pairs, odds: Shares, *, least: float = 0.0) -> list[list[int]]:
    """Groups of two rows and more. The likest groups are joined first, while the mean odds of all their pairs are
    above `least`."""
    pairs, odds = _within_reach(pairs, odds, least)
    links: dict[int, dict[int, tuple[float, int]]] = {}
    for left, right, odd in zip(pairs[0].tolist(), pairs[1].tolist(), odds.tolist(), strict=True):
        links.setdefault(left, {})[right] = links.setdefault(right, {})[left] = (odd, 1)
    members = {row: [row] for row in links}
    waiting = [(-odd, left, right) for left, found in links.items() for right, (odd, _) in found.items() if odd > least]
    heapq.heapify(waiting)
    fresh = max(links, default=0) + 1
    while waiting:
        _odd, one, other = heapq.heappop(waiting)
        if one not in members or other not in members:
            continue
        members[fresh] = members.pop(one) + members.pop(other)
        links[fresh] = _links_of_both(links, one, other)
        for third, (total, count) in links[fresh].items():
            links[third] = {key: link for key, link in links[third].items() if key not in (one, other)}
            links[third][fresh] = (total, count)
            all_pairs = len(members[fresh]) * len(members[third])
            mean = (total + UNSEEN * (all_pairs - count)) / all_pairs
            if mean > least:
                heapq.heappush(waiting, (-mean, fresh, third))
        fresh += 1
    return [sorted(rows) for rows in members.values() if len(rows) > 1]


def one_to_one(pairs: Pairs, odds: Shares, *, least: float = 0.0) -> NDArray[np.int64]:
    """Numbers of the pairs that stand when a row has at most one partner, the likest first."""
    taken: set[int] = set()
    kept = []
    for place in np.argsort(-odds, kind="stable").tolist():
        left, right = int(pairs[0][place]), int(pairs[1][place])
        if odds[place] <= least:
            break
        if left not in taken and right not in taken:
            taken |= {left, right}
            kept.append(place)
    return np.array(kept, np.int64)


def pairs_within(groups: list[list[int]]) -> Iterator[tuple[int, int]]:
    for rows in groups:
        for place, left in enumerate(rows):
            yield from ((left, right) for right in rows[place + 1 :])


def _within_reach(pairs: Pairs, odds: Shares, least: float) -> tuple[Pairs, Shares]:
    """Only pairs of rows that a chain of likely pairs connects: the others can't meet in one group."""
    likely = odds > least
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.get(row, row) != row:
            root[row] = row = root.get(root[row], root[row])
        return row

    for left, right in zip(pairs[0][likely].tolist(), pairs[1][likely].tolist(), strict=True):
        root[find(left)] = find(right)
        root.setdefault(right, right)
    chains = np.full(int(max((side.max(initial=-1) for side in pairs), default=-1)) + 1, -1, np.int64)
    for row in root:
        chains[row] = find(row)
    near = (chains[pairs[0]] >= 0) & (chains[pairs[0]] == chains[pairs[1]])
    return (pairs[0][near], pairs[1][near]), odds[near]


def _links_of_both(
    links: dict[int, dict[int, tuple[float, int]]], one: int, other: int
) -> dict[int, tuple[float, int]]:
    both: dict[int, tuple[float, int]] = {}
    for side, twin in ((one, other), (other, one)):
        for third, (total, count) in links.pop(side).items():
            if third != twin:
                had, seen = both.get(third, (0.0, 0))
                both[third] = (had + total, seen + count)
    return both
