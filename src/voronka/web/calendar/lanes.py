"""Things at the same time stand side by side, as many as can be read; the rest of them is a list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

#: What is shorter is drawn as long as this, so that its words can be read.
SHORTEST = 30
#: How much of a lane the list of the rest takes.
LIST = 0.25
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Laid(Generic[Thing]):
    """`placed`: (thing, its lane, lanes there). `crowds`: what finds no lane, by groups that meet; the last lane of
    such a group is the list's."""

    placed: list[tuple[Thing, int, float]] = field(default_factory=list)
    crowds: list[list[Thing]] = field(default_factory=list)

    def add(self, group: Sequence[tuple[Thing, int]], count: int, most: int) -> None:
        if count <= most:
            self.placed.extend((thing, lane, count) for thing, lane in group)
        else:
            self.placed.extend((thing, lane, most - 1 + LIST) for thing, lane in group if lane < most - 1)
            self.crowds.append([thing for thing, lane in group if lane >= most - 1])


def lanes(spans: Sequence[tuple[int, int, Thing]], most: int) -> Laid[Thing]:
    """(start, length in minutes, thing); at most so many lanes. Things of one lane never overlap."""
    laid: Laid[Thing] = Laid()
    group: list[tuple[Thing, int]] = []
    ends: list[int] = []
    for start, length, thing in sorted(spans, key=lambda span: (span[0], -span[1])):
        if ends and start >= max(ends):
            laid.add(group, len(ends), most)
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [start + max(length, SHORTEST)]
        group.append((thing, lane))
    laid.add(group, len(ends), most)
    return laid
