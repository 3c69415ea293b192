"""The filter over a list or a board: chips that read as phrases, and the editor where each condition says how many
it leaves. The state is in the address, so every part here is a link.

A filter is conditions that all hold; each may have alternatives, joined by «or». The editor names a condition by its
number («2»), an alternative by two («2.1»); «new» and «2.new» stand for one to be added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from voronka.kernel.filters import All, Any, Base, Is, Phrase, Scope, Tree, both, dump, phrase, phrases, where

from .builder import Draft, as_form, draft_of, is_simple

#: Ink of the bars in the editor, from the first condition to the last.
INKS = 6


@dataclass(frozen=True, kw_only=True)
class Part:
    """A condition in words, with links that take it away and change it."""

    field: str
    op: str
    value: str
    remove_url: str
    edit_url: str
    editing: bool = False


@dataclass(frozen=True, kw_only=True)
class Condition(Part):
    """`count`: rows left by this condition and those before it; None where nobody asked. `told`: worth a chip, unlike
    the one that every list starts with. `others`: its alternatives; `or_url` adds one,
    `whole_url` takes all of them away."""

    told: bool = True
    count: int | None = None
    percent: int = 0
    ink: str = ""
    others: Sequence[Part] = ()
    or_url: str = ""
    whole_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose filter it is: the page it leads back to and what else its address says. `usual`: the filter of a bare
    address; `on`: the page's name for the form of a condition, `counted`: the key of the base it counts."""

    path: str
    usual: Tree
    on: str
    counted: str = "deals"
    facts: Mapping[str, str] = field(default_factory=dict)

    def url(self, tree: Tree, **more: str) -> str:
        facts = {**self.facts, **({} if tree == self.usual else {"filter": dump(tree)}), **more}
        return f"{self.path}?{urlencode(facts)}" if facts else self.path


def board_place(asked: Mapping[str, str]) -> Place:
    """The board: it shows what is open by itself, so its bare address has no filter."""
    facts = {key: asked[key] for key in ("funnel", "sort", "lanes") if asked.get(key)}
    return Place(path=reverse("board"), usual=All(), on="board", facts=facts)


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """The form of one condition and what it carries along. `index`: which condition it is, see above;
    `left`: how many rows the filter would hold with it, None while it is not finished."""

    draft: Draft
    index: str
    hidden: Sequence[tuple[str, str]]
    close_url: str
    clear_url: str
    counted: str
    left: int | None = None

    @property
    def is_new(self) -> bool:
        return self.index.endswith("new")

    @property
    def is_other(self) -> bool:
        return self.index.endswith(".new")


@dataclass(frozen=True, kw_only=True)
class FilterBar:
    """`form` is there while the editor is open."""

    conditions: Sequence[Condition]
    add_url: str
    clear_url: str
    counted: str
    form: DraftForm | None = None


def bar_of(
    tree: Tree, place: Place, *, known: Base, scope: Scope, rows: QuerySet | None = None, edit: str = ""
) -> FilterBar:
    """`edit`: which condition the editor is open for, «» when it is shut; `rows` are then counted, in one query."""
    parts = phrases(tree, known, scope) if tree != All() else []
    trees = [part for part, _phrase in parts]
    index = ("new" if _spot(trees, edit) is None else edit) if edit else ""
    counts = _counts(trees, known, scope, rows) if index and rows is not None else [None] * len(trees)
    whole = max((count for count in counts if count), default=1)
    shown = [
        Condition(
            **_part(tree, str(number), place, known, scope, index, said),
            or_url=place.url(tree, edit=f"{number}.new") if _is_formed(part, known) else "",
            whole_url=place.url(without(tree, str(number))),
            others=[
                Part(**_part(tree, f"{number}.{other}", place, known, scope, index))
                for other in range(1, len(alternatives(part)))
                if _is_formed(part, known)
            ],
            count=counts[number],
            percent=round(100 * (counts[number] or 0) / whole),
            ink=f"var(--v-st{min(number + 2, INKS)})",
            told=part != place.usual,
        )
        for number, (part, said) in enumerate(parts)
    ]
    return FilterBar(
        conditions=shown,
        add_url=place.url(tree, edit="new"),
        clear_url=place.url(place.usual),
        counted=place.counted,
        form=form_of(_draft(index, trees, known, scope), tree, place, index) if index else None,
    )


def form_of(draft: Draft, tree: Tree, place: Place, index: str, *, left: int | None = None) -> DraftForm:
    return DraftForm(
        draft=draft,
        index=index,
        hidden=[*place.facts.items(), ("filter", dump(tree)), ("index", index), ("on", place.on)],
        close_url=place.url(tree),
        clear_url=place.url(place.usual),
        counted=place.counted,
        left=left,
    )


def parts_of(tree: Tree) -> list[Tree]:
    return list(tree.parts) if isinstance(tree, All) else [tree]


def alternatives(part: Tree) -> list[Tree]:
    return list(part.parts) if isinstance(part, Any) and part.parts else [part]


def with_condition(tree: Tree, condition: Tree, index: str) -> Tree:
    """The filter with a condition added, or put in the place of the one that `index` names."""
    parts = parts_of(tree)
    spot = _spot(parts, index)
    if spot is None:
        return both(tree, condition)
    number, other = spot
    found = alternatives(parts[number])
    if other is None:
        found = [condition]
    elif other < len(found):
        found[other] = condition
    else:
        found.append(condition)
    return both(*(_joined(found) if place == number else part for place, part in enumerate(parts)))


def without(tree: Tree, index: str) -> Tree:
    """The filter without a condition, or without one of its alternatives."""
    parts = parts_of(tree)
    number, other = _spot(parts, index) or (len(parts), None)
    left: list[Tree] = []
    for place, part in enumerate(parts):
        found = alternatives(part)
        if place == number:
            found = [one for at, one in enumerate(found) if other is not None and at != other]
        if found:
            left.append(_joined(found) if place == number else part)
    return both(*left) if left else All()


def _joined(found: Sequence[Tree]) -> Tree:
    return found[0] if len(found) == 1 else Any(dict.fromkeys(found))


def _spot(parts: Sequence[Tree], index: str) -> tuple[int, int | None] | None:
    """Where an index points: the number of a condition, and of its alternative; None for «new» and nonsense."""
    head, dot, tail = index.partition(".")
    number = _number(head, len(parts))
    if number is None or not dot:
        return None if number is None else (number, None)
    found = len(alternatives(parts[number]))
    other = found if tail == "new" else _number(tail, found)
    return None if other is None else (number, other)


def _number(text: str, below: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and int(text) < below else None


def _is_formed(part: Tree, known: Base) -> bool:
    """Whether the editor can show every alternative of a condition."""
    return all(is_simple(one, known) for one in alternatives(part))


def _part(
    tree: Tree, index: str, place: Place, known: Base, scope: Scope, editing: str, said: Phrase | None = None
) -> dict:
    """A condition of the editor; one whose alternatives are shown apart speaks for its first one alone.
    `said`: the whole of it in words."""
    parts = parts_of(tree)
    number, other = _spot(parts, index) or (0, None)
    part, found = parts[number], alternatives(parts[number])
    apart = len(found) > 1 and _is_formed(part, known)
    here = found[other or 0] if apart else part
    own = f"{number}.{other or 0}" if apart else index
    if apart or said is None:
        said = phrase(here, known, scope)
    return {
        "field": said.field,
        "op": said.op,
        "value": said.value,
        "remove_url": place.url(without(tree, own), **({"edit": "new"} if editing else {})),
        "edit_url": place.url(tree, edit=own) if is_simple(here, known) else "",
        "editing": editing == own,
    }


def _draft(index: str, trees: Sequence[Tree], known: Base, scope: Scope) -> Draft:
    spot = _spot(trees, index)
    if spot is None:
        return draft_of(known, QueryDict())
    found = alternatives(trees[spot[0]])
    at = spot[1] or 0
    # An alternative that is to be added starts from the field of the first one.
    chosen = found[at] if at < len(found) else found[0]
    asked = as_form(chosen, known) if isinstance(chosen, Is) and is_simple(chosen, known) else QueryDict()
    return draft_of(known, asked, scope)


def _counts(trees: Sequence[Tree], known: Base, scope: Scope, rows: QuerySet) -> list[int | None]:
    """How many rows each condition leaves of those that the ones before it left."""
    if not trees:
        return []
    steps = {f"left_{n}": Count("pk", filter=where(All(trees[: n + 1]), known, scope)) for n in range(len(trees))}
    found = rows.order_by().aggregate(**steps)
    return [found[f"left_{number}"] for number in range(len(trees))]
