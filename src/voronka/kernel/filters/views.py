"""Named filters: tabs over a list, badges, drill-downs. A view is only a filter with a title."""

from collections.abc import Iterable
from dataclasses import dataclass

from .fields import Text
from .tree import Tree


@dataclass(frozen=True, kw_only=True)
class View:
    """`tone`: late, today or «» for the dot before the title."""

    key: str
    title: Text
    tree: Tree
    tone: str = ""


def view_of(tree: Tree, views: Iterable[View]) -> View | None:
    """The view that is exactly this filter."""
    return next((view for view in views if view.tree == tree), None)
