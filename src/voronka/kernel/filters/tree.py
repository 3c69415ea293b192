"""The tree of a filter: conditions joined by all, any and not. Says nothing of how they are checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Union

Tree = Union["All", "Any", "Not", "Is"]


@dataclass(frozen=True)
class Is:
    """One condition. `field` may lead over a relation («client.name»); `value` of `some` and `none` is a tree."""

    field: str
    op: str
    value: object = None


@dataclass(frozen=True)
class All:
    """Every part holds; without parts: everything."""

    parts: tuple[Tree, ...] = ()

    def __init__(self, parts: Iterable[Tree] = ()) -> None:
        object.__setattr__(self, "parts", tuple(parts))


@dataclass(frozen=True)
class Any:
    """Some part holds; without parts: nothing."""

    parts: tuple[Tree, ...] = ()

    def __init__(self, parts: Iterable[Tree] = ()) -> None:
        object.__setattr__(self, "parts", tuple(parts))


@dataclass(frozen=True)
class Not:
    part: Tree


EVERYTHING = All()


def both(*trees: Tree) -> Tree:
    """All of them as one flat `All`; without repeats, so that a view and a filter that agree read once."""
    parts: list[Tree] = []
    for tree in trees:
        for part in tree.parts if isinstance(tree, All) else (tree,):
            if part not in parts:
                parts.append(part)
    return parts[0] if len(parts) == 1 else All(parts)


def conditions(tree: Tree) -> Iterator[Is]:
    """Every condition of a tree, those inside relations too."""
    if isinstance(tree, Is):
        yield tree
        if isinstance(tree.value, All | Any | Not | Is):
            yield from conditions(tree.value)
    elif isinstance(tree, Not):
        yield from conditions(tree.part)
    else:
        for part in tree.parts:
            yield from conditions(part)
