"""The filter of the tasks page: the one language of filters, and the two quick conditions beside them."""

from django.db.models import QuerySet
from django.http import QueryDict

from voronka.kernel.filters import EVERYTHING, All, Is, Tree, base, both, parse, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.tasks.models import Task

LONGEST = 100


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


def _parts(tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, All) else (tree,)
