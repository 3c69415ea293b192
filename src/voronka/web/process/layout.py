"""Where funnels and arrows lie on the map. Pure: sizes in, pixels out; the same document is always the same picture.

Funnels stand in columns by how far the money has come: what is won leads to the right, losses lead down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .transitions import LOST, Transition

WIDTH, GAP_X, GAP_Y, MARGIN = 244, 124, 64, 16
HEAD, ROW, FOOT = 38, 28, 6
LABEL_HEIGHT, LINE, LETTER, LABEL_WIDTH = 24, 16, 6.6, 118
COLUMNS = 4


@dataclass(frozen=True, kw_only=True)
class Size:
    """A funnel as the layout sees it: its stages in order."""

    key: str
    stages: Sequence[str]

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.stages) + FOOT


@dataclass(frozen=True, kw_only=True)
class Box:
    key: str
    x: int
    y: int
    height: int
    column: int

    @property
    def right(self) -> int:
        return self.x + WIDTH

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """`path` is an SVG path; the label's box begins at `x`, `y`."""

    transition: Transition
    path: str
    x: int
    y: int


@dataclass(kw_only=True)
class Picture:
    boxes: Mapping[str, Box]
    arrows: Sequence[Arrow] = field(default_factory=list)
    width: int = 0
    height: int = 0


def draw(sizes: Sequence[Size], transitions: Sequence[Transition], labels: Mapping[tuple, str]) -> Picture:
    """`labels`: what is written on each transition, for its size."""
    known = {size.key for size in sizes}
    edges = [one for one in transitions if one.source in known and one.target in known]
    boxes = _place(sizes, _columns(sizes, edges))
    pen = _Pen(boxes, {size.key: list(size.stages) for size in sizes})
    arrows = [pen.arrow(one, labels.get(one.key, one.title)) for one in edges]
    right = [box.right for box in boxes.values()] + [label[2] for label in pen.labels]
    low = [box.bottom for box in boxes.values()] + [label[3] for label in pen.labels]
    return Picture(
        boxes=boxes, arrows=arrows, width=max(right, default=0) + 40, height=max([*low, pen.lowest], default=0) + 40
    )


def _columns(sizes: Sequence[Size], edges: Sequence[Transition]) -> dict[str, int]:
    """Column of each funnel: one further than what wins into it; funnels of losses stand under the first that loses."""
    order = {size.key: place for place, size in enumerate(sizes)}
    ahead = [edge for edge in edges if edge.kind != LOST and order[edge.source] < order[edge.target]]
    columns = dict.fromkeys(order, 0)
    for key in order:
        before = [columns[edge.source] + 1 for edge in ahead if edge.target == key]
        losing = [columns[edge.source] for edge in edges if edge.target == key and edge.kind == LOST]
        if before:
            columns[key] = min(max(before), COLUMNS - 1)
        elif losing:
            columns[key] = sorted(losing)[len(losing) // 2]
    joined = {edge.source for edge in edges} | {edge.target for edge in edges}
    alone = [key for key in order if key not in joined]
    for key in alone:
        heights = _heights(sizes, {other: column for other, column in columns.items() if other not in alone})
        spread = min(COLUMNS, max(3, max(heights, default=0) + 1))
        columns[key] = min(range(spread), key=lambda column: heights.get(column, 0))
        alone = [other for other in alone if other != key]
    return columns


def _heights(sizes: Sequence[Size], columns: Mapping[str, int]) -> dict[int, int]:
    heights: dict[int, int] = {}
    for size in sizes:
        if size.key in columns:
            heights[columns[size.key]] = heights.get(columns[size.key], 0) + size.height + GAP_Y
    return heights


def _place(sizes: Sequence[Size], columns: Mapping[str, int]) -> dict[str, Box]:
    low: dict[int, int] = {}
    boxes = {}
    for size in sizes:
        column = columns[size.key]
        y = low.get(column, 24)
        boxes[size.key] = Box(key=size.key, x=MARGIN + column * (WIDTH + GAP_X), y=y, height=size.height, column=column)
        low[column] = y + size.height + GAP_Y
    return boxes


class _Pen:
    """Draws arrows one by one and keeps their labels apart."""

    def __init__(self, boxes: Mapping[str, Box], stages: Mapping[str, list[str]]) -> None:
        self.boxes, self.stages = boxes, stages
        self.labels: list[tuple[int, int, int, int]] = []
        self.used: dict[tuple[str, str], int] = {}
        self.lowest = 0

    def arrow(self, edge: Transition, label: str) -> Arrow:
        here, there = self.boxes[edge.source], self.boxes[edge.target]
        if here is there:
            path, x, y = self._loop(here)
        elif here.column == there.column:
            path, x, y = self._vertical(here, there)
        else:
            path, x, y = self._across(edge, here, there)
        width, height = _measure(label)
        x, y = self._free(x, y, width, height)
        return Arrow(transition=edge, path=path, x=x, y=y)

    def _across(self, edge: Transition, here: Box, there: Box) -> tuple[str, int, int]:
        """From a side of one to the nearer side of the other."""
        to_right = here.column < there.column
        x1, x2 = (here.right, there.x - 4) if to_right else (here.x, there.right + 4)
        y1 = self._row(here, edge.stage, "out")
        y2 = self._row(there, edge.to, "in")
        bend = max(40, abs(x2 - x1) // 2) * (1 if to_right else -1)
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        middle = (x1 + (GAP_X if to_right else -GAP_X) // 2) if abs(x2 - x1) > GAP_X else (x1 + x2) // 2
        return path, middle - LABEL_WIDTH // 2, (y1 + y2) // 2 - LABEL_HEIGHT // 2

    def _vertical(self, here: Box, there: Box) -> tuple[str, int, int]:
        """Straight up or down between neighbours; around the side of what stands between."""
        lane = self._lane(here.key, there.key)
        between = [
            box for box in self.boxes.values()
            if box.column == here.column and min(here.y, there.y) < box.y < max(here.y, there.y)
        ]  # fmt: skip
        if between:
            x = here.x - 22 - 10 * lane
            y1, y2 = here.y + 20 + 8 * lane, there.y + 20 + 8 * lane
            return (
                f"M{here.x} {y1}C{x} {y1} {x} {y1} {x} {(y1 + y2) // 2}S{x} {y2} {there.x - 4} {y2}",
                x + 4,
                (y1 + y2) // 2,
            )
        x = here.x + 36 + 112 * (lane % 2)
        y1, y2 = (here.bottom, there.y - 4) if here.y < there.y else (here.y, there.bottom + 4)
        return f"M{x} {y1}V{y2}", x + 6, (y1 + y2) // 2 - LABEL_HEIGHT // 2

    def _loop(self, box: Box) -> tuple[str, int, int]:
        lane = self._lane(box.key, box.key)
        x, y = box.x + 38, box.bottom
        deep = 34 + 22 * lane
        self.lowest = max(self.lowest, y + deep)
        return (
            f"M{x} {y}V{y + deep - 16}C{x} {y + deep} {x + 66} {y + deep} {x + 66} {y + deep - 16}V{y + 4}",
            x + 74,
            y + 10,
        )

    def _lane(self, *pair: str) -> int:
        key = (min(pair), max(pair))
        self.used[key] = self.used.get(key, -1) + 1
        return self.used[key]

    def _row(self, box: Box, ref: str, side: str) -> int:
        """Height of a stage's row; without one, of the last on the way out and the head on the way in."""
        stages = self.stages[box.key]
        if ref in stages:
            return box.y + HEAD + ROW * stages.index(ref) + ROW // 2
        return box.y + box.height - 20 if side == "out" else box.y + 18

    def _free(self, x: int, y: int, width: int, height: int) -> tuple[int, int]:
        """The nearest place downwards where a label covers neither another one nor a funnel."""
        x = max(4, x)
        for _step in range(40):
            mine = (x, y, x + width, y + height)
            if not any(_meet(mine, other) for other in self.labels) and not any(
                _meet(mine, (box.x, box.y, box.right, box.bottom)) for box in self._near(x, width)
            ):
                break
            y += 12
        self.labels.append((x, y, x + width, y + height))
        return x, y

    def _near(self, x: int, width: int) -> list[Box]:
        """Funnels that a label could hide: those it would mostly lie on; an edge may be touched."""
        return [box for box in self.boxes.values() if box.x + 16 < x + width and x < box.right - 16]


def _measure(label: str) -> tuple[int, int]:
    """Width and height of a label; its figure goes to a second line when the words fill the first."""
    widths = [round(len(line) * LETTER) + 14 for line in label.splitlines()]
    lines = sum(1 if width <= LABEL_WIDTH else 2 for width in widths)
    return min(LABEL_WIDTH, max(widths)), LABEL_HEIGHT + LINE * (lines - 1)


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
