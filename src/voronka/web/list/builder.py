"""One condition as a form: fields and operators to choose from, inputs of the value, and how they become one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from voronka.kernel.filters import All, Base, Field, FilterError, Is, Scope, Tree, lists, parse
from voronka.kernel.filters.dates import NAMED, is_length, length
from voronka.kernel.filters.ops import OPS, Op
from voronka.kernel.filters.scope import GROUPS
from voronka.kernel.filters.words import group_title, point_title

from . import paths
from .paths import Choice

#: Fields that the form starts from.
_USUAL = ("stage", "name", "title")
_BY_LIST = {"=": "in", "!=": "not in"}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The form as it stands: `inputs` names the kind of input, `values` what is typed, `options` what can be chosen,
    `named` the name of the row that is chosen already."""

    path: str
    op: str
    inputs: str
    fields: Sequence[tuple[str, Sequence[Choice]]]
    ops: Sequence[Choice]
    options: Sequence[Choice] = ()
    values: Sequence[str] = ()
    amount: str = ""
    unit: str = "d"
    units: Sequence[Choice] = ()
    suffix: str = ""
    type: str = "text"
    named: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def draft_of(
    base: Base, asked: QueryDict, scope: Scope | None = None, *, errors: dict[str, str] | None = None
) -> Draft:
    """The form for what is chosen so far; an unknown field or operator falls back to the first one. `scope`: who reads
    it, where a chosen row is to be named."""
    path = asked.get("field", "")
    groups = paths.offers(base)
    known = [choice.key for _title, choices in groups for choice in choices]
    path = path if path in known else next(key for key in (*_USUAL, *known) if key in known)
    target = paths.target(path, base)
    ops = _ops(target)
    op = next((one for one in ops if one.key == asked.get("op")), ops[0])
    inputs = _inputs(target, op)
    values = [value for value in asked.getlist("value") if value]
    amount, unit = asked.get("amount", ""), asked.get("unit", "d")
    return Draft(
        path=path,
        op=op.key,
        inputs=inputs,
        fields=groups,
        ops=[Choice(one.key, _word(one)) for one in ops],
        options=paths.named_of(path, base) if target.kind == "relation" else _options(target, inputs),
        values=values or ([""] if inputs not in ("many", "pair", "days") else ["", ""]),
        amount=amount,
        unit=unit,
        units=_units(target) if inputs == "length" else (),
        suffix="₽" if target.kind == "money" else target.unit,
        type={"time": "time"}.get(target.kind, "text"),
        named=target.named(int(values[0]), scope) if scope and target.named and values and _is_id(values[0]) else "",
        errors=errors or {},
    )


def condition_from(base: Base, asked: QueryDict) -> Tree:
    """The condition that the form says. Raises FilterError."""
    draft = draft_of(base, asked)
    return parse(paths.condition(draft.path, draft.op, _value(draft, asked, base), base), base)


def as_form(condition: Is, base: Base) -> QueryDict:
    """A condition back as its form, to be changed."""
    asked = QueryDict(mutable=True)
    found = paths.path_of(condition, base)
    if found is None:
        return asked
    path, condition = found
    offered = [op.key for op in _ops(paths.target(path, base))]
    asked["field"] = path
    asked["op"] = condition.op if condition.op in offered else _BY_LIST.get(condition.op, condition.op)
    value = condition.value
    if is_length(value) and condition.op in ("next", "last", "older"):
        amount, asked["unit"] = length(str(value))
        asked["amount"] = str(amount)
    elif isinstance(value, All | Is):
        asked["value"] = paths.name_of(path, value, base)
    elif isinstance(value, tuple):
        asked.setlist("value", [_typed(item) for item in value])
    elif value is not None:
        asked["value"] = _typed(value)
    return asked


def is_simple(tree: Tree, base: Base) -> bool:
    """Whether the form can show it: one condition of an offered field."""
    return paths.path_of(tree, base) is not None


def _ops(target: Field) -> list[Op]:
    """Operators to choose from: «is» of a choice is «is one of» with one value ticked."""
    listed = any(op.key == "in" for op in OPS[target.kind])
    return [op for op in OPS[target.kind] if not (listed and op.key in _BY_LIST)]


def _word(op: Op) -> str:
    """Where a sentence has a dash, a list of operators has a word."""
    return {"in": _("one of"), "=": _("equals"), "is": _("on")}.get(op.key) or str(op.word)


def _inputs(target: Field, op: Op) -> str:
    """Which inputs the value takes."""
    if op.takes == "one":
        return {"yes_no": "yes_no", "choice": "select", "row": "select", "person": "select", "client": "client"}.get(
            target.kind, "input"
        )
    return {"many": "many", "pair": "pair", "points": "days", "tree": "select"}.get(op.takes, op.takes)


def _options(target: Field, inputs: str) -> list[Choice]:
    if inputs == "yes_no":
        return [Choice("yes", _("yes")), Choice("no", _("no"))]
    if inputs == "point":
        return [Choice(name, point_title(name)) for name in NAMED]
    if inputs not in ("select", "many"):
        return []
    groups = [Choice(name, group_title(name)) for name in GROUPS] if target.kind == "person" else []
    return groups + [Choice(str(key), str(title)) for key, title in target.options()]


def _units(target: Field) -> list[Choice]:
    units = [Choice("d", _("days")), Choice("w", _("weeks"))]
    return units if target.kind == "date" else [*units, Choice("h", _("hours")), Choice("m", _("minutes"))]


def _value(draft: Draft, asked: QueryDict, base: Base) -> list[Any]:
    if draft.inputs == "nothing":
        return []
    if draft.inputs == "length":
        return [f"{asked.get('amount', '').strip()}{asked.get('unit', '')}"]
    if draft.inputs == "yes_no":
        return [asked.get("value") == "yes"]
    if draft.inputs == "point":
        return [asked.get("day") or asked.get("value", "")]
    if draft.inputs in ("many", "pair", "days"):
        values = [value.strip() for value in asked.getlist("value") if value.strip()]
        if not values:
            raise FilterError(_("Choose at least one value."), draft.path)
        return [values]
    if paths.target(draft.path, base).kind == "relation":
        return [lists(paths.named(draft.path, asked.get("value", ""), base))]
    value = asked.get("value", "").strip()
    if not value:
        raise FilterError(_("Write or choose a value."), draft.path)
    return [value]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _typed(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
