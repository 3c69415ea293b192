"""What a condition of the editor can be about: the row's own fields, those of its client or deal, named filters of its
tasks and deals, and «an open task whose …».

A path is what the form calls it: `amount`, `client.name`, `tasks` (one of the named filters), `tasks:kind` (an open
task of that kind).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.deals import filters as deal_filters
from voronka.kernel import filters
from voronka.kernel.filters import All, Base, Field, Is, Tree, resolve
from voronka.tasks import filters as task_filters

#: Relations of a base whose fields are offered as if they were its own.
NEAR: Mapping[str, Sequence[str]] = {
    "deals": ("client", "contact"),
    "tasks": ("deal", "client"),
    "clients": ("contacts",),
}
#: Relations to many rows: named filters of them, and fields of those that are open.
MANY: Mapping[str, Sequence[str]] = {"deals": ("tasks",), "tasks": (), "clients": ("deals", "tasks")}
#: What can be said of related rows without building a filter inside a filter.
NAMED: Mapping[str, Mapping[str, Tree]] = {
    "tasks": {
        "open": task_filters.OPEN,
        **{view.key: view.tree for view in task_filters.VIEWS if view.key != "mine"},
        "any": All(),
    },
    "deals": {**{view.key: view.tree for view in deal_filters.VIEWS if view.key != "mine"}, "any": All()},
}
OPEN: Mapping[str, Tree] = {"tasks": task_filters.OPEN, "deals": deal_filters.OPEN}
#: Fields that are known already where an open row is asked for.
_SAID = ("open", "cancelled", "done_at", "closed_at", "rule", "number", "id")


@dataclass(frozen=True)
class Choice:
    key: str
    title: str


def target(path: str, base: Base) -> Field:
    """The field that the form asks a value for."""
    relation, colon, key = path.partition(":")
    return filters.base(_to(base, relation)).fields[key] if colon else resolve(path, base)[0]


def condition(path: str, op: str, value: list, base: Base) -> list:
    """A condition as lists, of what the form calls it."""
    relation, colon, key = path.partition(":")
    if not colon:
        return [path, op, *value]
    return [relation, "some", ["all", filters.lists(OPEN[_to(base, relation)]), [key, op, *value]]]


def path_of(one: Tree, base: Base) -> tuple[str, Is] | None:
    """What the form calls a condition, and the part it shows; None for what it cannot show."""
    if not isinstance(one, Is):
        return None
    if not _is_offered(one.field, base):
        return None
    if not isinstance(one.value, All | filters.Any | filters.Not | Is):
        return one.field, one
    to = _to(base, one.field)
    if one.value in NAMED[to].values():
        return one.field, one
    value = one.value
    if one.op == "some" and isinstance(value, All) and len(value.parts) == 2 and value.parts[0] == OPEN[to]:
        inner = value.parts[1]
        if isinstance(inner, Is) and inner.field in {field.key for field in _such(to)}:
            return f"{one.field}:{inner.field}", inner
    return None


def named_of(path: str, base: Base) -> list[Choice]:
    """Named filters of the rows that a relation leads to."""
    titles = {"open": _("open ones"), "any": _("any")}
    to = _to(base, path)
    views = task_filters.VIEWS if to == "tasks" else deal_filters.VIEWS
    titles |= {view.key: str(view.title) for view in views if view.key != "open"}
    return [Choice(key, titles[key]) for key in NAMED[to]]


def named(path: str, key: str, base: Base) -> Tree:
    choices = NAMED[_to(base, path)]
    return choices.get(key, choices["open"])


def name_of(path: str, tree: object, base: Base) -> str:
    return next((key for key, one in NAMED[_to(base, path)].items() if one == tree), "")


def offers(base: Base) -> list[tuple[str, list[Choice]]]:
    """Everything by group, the row's own first."""
    groups: dict[str, list[Choice]] = {}
    for one in _plain(base):
        groups.setdefault(str(one.group) or str(_OWN.get(base.key, "")), []).append(Choice(one.key, str(one.title)))
    for relation in NEAR.get(base.key, ()):
        near = filters.base(_to(base, relation))
        titles = [Choice(f"{relation}.{one.key}", str(one.title)) for one in _plain(near)]
        groups.setdefault(str(base.fields[relation].title), []).extend(titles)
    for relation in MANY.get(base.key, ()):
        title = str(base.fields[relation].title)
        groups.setdefault(title, []).append(Choice(relation, title))
        such = [Choice(f"{relation}:{one.key}", str(one.title)) for one in _such(_to(base, relation))]
        groups.setdefault(str(_SUCH[_to(base, relation)]), []).extend(such)
    return list(groups.items())


def _is_offered(path: str, base: Base) -> bool:
    relation, dot, key = path.partition(".")
    if not dot:
        field = base.field(path)
        return field is not None and (field.kind != "relation" or path in MANY.get(base.key, ()))
    return relation in NEAR.get(base.key, ()) and "." not in key and resolve(path, base)[0].kind != "relation"


def _such(to: str) -> list[Field]:
    return [field for field in _plain(filters.base(to)) if field.key not in _SAID]


def _plain(base: Base) -> list[Field]:
    return [one for one in base.fields.values() if one.kind != "relation"]


def _to(base: Base, relation: str) -> str:
    return base.fields[relation].source.to  # type: ignore[union-attr]


_OWN = {"deals": gettext_lazy("Deal"), "tasks": gettext_lazy("Task"), "clients": gettext_lazy("Client")}
_SUCH = {"tasks": gettext_lazy("There is an open task: …"), "deals": gettext_lazy("There is an open deal: …")}
