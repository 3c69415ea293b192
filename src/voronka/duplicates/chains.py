"""Groups of rows into pairs of a survivor, the oldest row, and each other one."""

from collections.abc import Iterable, Sequence

from voronka.clients.merging.joining import Pair


def chained(groups: Iterable[Iterable[int]]) -> list[Pair]:
    """Groups that have a row in common are one."""
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.setdefault(row, row) != row:
            root[row] = row = root[root[row]]
        return row

    for group in groups:
        first, *rest = sorted({find(row) for row in group})
        root |= dict.fromkeys(rest, first)
    return [Pair(find(row), row) for row in sorted(root) if find(row) != row]


def to_chief(groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """Each row of a group but the first → the first."""
    return {row: min(group) for group in groups for row in group if row != min(group)}
