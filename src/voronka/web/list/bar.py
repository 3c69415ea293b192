"""The filter over a list or a board: chips that read as phrases, and the editor where each condition says how many
it leaves. The state is in the address, so every part here is a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from voronka.kernel.filters import All, Base, Is, Scope, Tree, both, dump, phrases, where

from .builder import Draft, as_form, draft_of, is_simple

#: Ink of the bars in the editor, from the first condition to the last.
INKS = 6


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`count`: rows left by this condition and those before it; None where nobody asked. `told`: worth a chip, unlike
    the one that every list starts with."""

    field: str
    op: str
    value: str
    remove_url: str
    edit_url: str
    told: bool = True
    count: int | None = None
    percent: int = 0
    ink: str = ""
    editing: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose filter it is: the page it leads back to and what else its address says. `usual`: the filter of a bare
    address; `to`: the page's name for the form of a condition, «» for the list."""

    path: str
    usual: Tree
    to: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def url(self, tree: Tree, **more: str) -> str:
        facts = {**self.facts, **({} if tree == self.usual else {"filter": dump(tree)}), **more}
        return f"{self.path}?{urlencode(facts)}" if facts else self.path


def board_place(asked: Mapping[str, str]) -> Place:
    """The board: it shows what is open by itself, so its bare address has no filter."""
    facts = {key: asked[key] for key in ("funnel", "sort") if asked.get(key)}
    return Place(path=reverse("board"), usual=All(), to="board", facts=facts)


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """The form of one condition and what it carries along. `index`: number of the condition it changes, or «new»;
    `left`: how many rows the filter would hold with it, None while it is not finished."""

    draft: Draft
    index: str
    hidden: Sequence[tuple[str, str]]
    close_url: str
    clear_url: str
    left: int | None = None


@dataclass(frozen=True, kw_only=True)
class FilterBar:
    """`form` is there while the editor is open."""

    conditions: Sequence[Condition]
    add_url: str
    clear_url: str
    form: DraftForm | None = None


def bar_of(
    tree: Tree, place: Place, *, known: Base, scope: Scope, rows: QuerySet | None = None, edit: str = ""
) -> FilterBar:
    """`edit`: «new» or the number of a condition opens the editor; `rows` are then counted, in one query."""
    parts = phrases(tree, known, scope) if tree != All() else []
    trees = [part for part, _phrase in parts]
    index = ("new" if place_in(trees, edit) is None else edit) if edit else ""
    counts = _counts(trees, known, scope, rows) if index and rows is not None else [None] * len(trees)
    whole = max((count for count in counts if count), default=1)
    conditions = [
        Condition(
            field=phrase.field,
            op=phrase.op,
            value=phrase.value,
            remove_url=place.url(without(trees, number), **({"edit": "new"} if index else {})),
            edit_url=place.url(tree, edit=str(number)) if is_simple(part, known) else "",
            count=counts[number],
            percent=round(100 * (counts[number] or 0) / whole),
            ink=f"var(--v-st{min(number + 2, INKS)})",
            editing=index == str(number),
            told=part != place.usual,
        )
        for number, (part, phrase) in enumerate(parts)
    ]
    return FilterBar(
        conditions=conditions,
        add_url=place.url(tree, edit="new"),
        clear_url=place.url(place.usual),
        form=form_of(_draft(index, trees, known), tree, place, index) if index else None,
    )


def form_of(draft: Draft, tree: Tree, place: Place, index: str, *, left: int | None = None) -> DraftForm:
    hidden = [*place.facts.items(), ("filter", dump(tree)), ("index", index)]
    if place.to:
        hidden.append(("to", place.to))
    return DraftForm(
        draft=draft,
        index=index,
        hidden=hidden,
        close_url=place.url(tree),
        clear_url=place.url(place.usual),
        left=left,
    )


def without(parts: Sequence[Tree], number: int) -> Tree:
    return both(*(part for place, part in enumerate(parts) if place != number)) if len(parts) > 1 else All()


def parts_of(tree: Tree) -> list[Tree]:
    return list(tree.parts) if isinstance(tree, All) else [tree]


def with_condition(tree: Tree, condition: Tree, index: str) -> Tree:
    """The filter with a condition added, or put in the place of the one with that number."""
    parts = parts_of(tree)
    number = place_in(parts, index)
    if number is None:
        return both(tree, condition)
    parts[number] = condition
    return both(*parts)


def place_in(parts: Sequence[Tree], index: str) -> int | None:
    """The number of a part as an address writes it; None when there is no such part."""
    if not (index.isascii() and index.isdecimal()) or len(index) > 4:
        return None
    return int(index) if int(index) < len(parts) else None


def _draft(index: str, trees: Sequence[Tree], known: Base) -> Draft:
    number = place_in(trees, index)
    chosen = None if number is None else trees[number]
    asked = as_form(chosen, known) if isinstance(chosen, Is) and is_simple(chosen, known) else QueryDict()
    return draft_of(known, asked)


def _counts(trees: Sequence[Tree], known: Base, scope: Scope, rows: QuerySet) -> list[int | None]:
    """How many rows each condition leaves of those that the ones before it left."""
    if not trees:
        return []
    steps = {f"left_{n}": Count("pk", filter=where(All(trees[: n + 1]), known, scope)) for n in range(len(trees))}
    found = rows.order_by().aggregate(**steps)
    return [found[f"left_{number}"] for number in range(len(trees))]
