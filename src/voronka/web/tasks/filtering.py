"""The filter of the tasks page: the one language of filters, its chips, and the two quick conditions beside them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from voronka.kernel.filters import EVERYTHING, All, Is, Tree, base, both, dump, parse, phrases, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.tasks.models import Task

LONGEST = 100


@dataclass(frozen=True)
class Chip:
    """One condition as a phrase; `rest`: the filter without it."""

    field: str
    op: str
    value: str
    rest: str


def tree_of(query: QueryDict) -> Tree:
    """The filter of an address; `kind` and `q` of the quick form join it. Raises FilterError."""
    tree = parse(query.get("filter", ""), base("tasks"))
    kind, text = query.get("kind", ""), query.get("q", "").replace("\0", "").strip()[:LONGEST]
    quick = [
        *([Is("kind", "=", kind)] if kind else []),
        *([Is("title", "has", text)] if text else []),
    ]
    if not quick:
        return tree
    # A second kind or text takes the place of the first: both at once would leave nothing.
    named = {condition.field for condition in quick}
    kept = [part for part in _parts(tree) if not (isinstance(part, Is) and part.field in named)]
    return both(*kept, *quick)


def narrowed(tasks: QuerySet[Task], tree: Tree, person: Person) -> QuerySet[Task]:
    return tasks if tree == EVERYTHING else tasks.filter(where(tree, base("tasks"), scope_of(person)))


def chips(tree: Tree, person: Person) -> list[Chip]:
    if tree == EVERYTHING:
        return []
    told = phrases(tree, base("tasks"), scope_of(person))
    return [Chip(phrase.field, phrase.op, phrase.value, dump(_without(tree, part))) for part, phrase in told]


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, All) else (tree,)


def _without(tree: Tree, part: Tree) -> Tree:
    return both(*[other for other in _parts(tree) if other != part]) if len(_parts(tree)) > 1 else EVERYTHING
