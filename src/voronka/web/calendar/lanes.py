"""Things at the same time stand side by side. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

#: What is shorter is drawn as long as this, so that its words can be read.
SHORTEST = 30
Thing = TypeVar("Thing")


def lanes(spans: Sequence[tuple[int, int, Thing]]) -> list[tuple[Thing, int, int]]:
    """(start, length in minutes, thing) → (thing, its lane, lanes there). Things of one lane never overlap."""
    placed: list[tuple[Thing, int, int]] = []
    group: list[tuple[Thing, int]] = []
    ends: list[int] = []
    for start, length, thing in sorted(spans, key=lambda span: (span[0], -span[1])):
        if ends and start >= max(ends):
            placed += _closed(group, len(ends))
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [start + max(length, SHORTEST)]
        group.append((thing, lane))
    return placed + _closed(group, len(ends))


def _closed(group: Iterable[tuple[Thing, int]], count: int) -> list[tuple[Thing, int, int]]:
    return [(thing, lane, count) for thing, lane in group]
