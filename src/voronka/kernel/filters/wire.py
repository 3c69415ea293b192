"""Filters as they stand in an address or a document: short JSON, checked against a base.

["all", ["stage", "in", [3, 4]], ["amount", ">=", 1000], ["not", ["client.name", "has", "иван"]]]
["tasks", "some", ["all", ["done_at", "empty"], ["due_at", "<", "now"]]]
"""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any as Anything

from django.utils.translation import gettext as _

from voronka.kernel.errors import FieldErrors

from . import dates, fields, ops
from .fields import Base, Field
from .scope import GROUPS
from .tree import EVERYTHING, All, Any, Is, Not, Tree

MAX_LENGTH = 8_000
MAX_DEPTH = 8
MAX_CONDITIONS = 60
MAX_VALUES = 200
MAX_TEXT = 200

_JOINS: dict[str, type[All] | type[Any]] = {"all": All, "any": Any}


class FilterError(FieldErrors):
    """A filter that can't be understood; `errors` has one sentence under the key of the field, or under `filter`."""

    def __init__(self, text: str, field: str = "filter") -> None:
        super().__init__({field: text})


def parse(wire: str | Sequence, base: Base) -> Tree:
    """A filter from JSON text or from its lists. Nothing or «» is everything. Raises FilterError."""
    if not isinstance(wire, str):
        return _Reader().tree(wire, base, depth=0)
    if not wire.strip():
        return EVERYTHING
    if len(wire) > MAX_LENGTH:
        raise FilterError(_("This filter is too long."))
    try:
        lists = json.loads(wire, parse_constant=_refuse, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise FilterError(_("This filter is damaged: its address was cut or changed.")) from error
    return _Reader().tree(lists, base, depth=0)


def lists(tree: Tree) -> list:
    """The wire form as lists."""
    if isinstance(tree, Not):
        return ["not", lists(tree.part)]
    if isinstance(tree, Is):
        head = [tree.field, tree.op]
        return head if tree.value is None else [*head, _plain(tree.value)]
    return ["all" if isinstance(tree, All) else "any", *(lists(part) for part in tree.parts)]


def dump(tree: Tree) -> str:
    """The wire form as text for an address; «» for everything."""
    return "" if tree == EVERYTHING else json.dumps(lists(tree), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, All | Any | Not | Is):
        return lists(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _refuse(name: str) -> None:
    raise ValueError(name)


class _Reader:
    """One reading: counts conditions over the whole tree."""

    def __init__(self) -> None:
        self.conditions = 0

    def tree(self, wire: Anything, base: Base, *, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise FilterError(_("This filter is nested too deeply."))
        if not isinstance(wire, list | tuple) or not wire or not isinstance(wire[0], str):
            raise FilterError(_("A condition is a list: field, operator, value."))
        head, *rest = wire
        if head in _JOINS:
            return _JOINS[head](self.tree(part, base, depth=depth + 1) for part in rest)
        if head == "not":
            if len(rest) != 1:
                raise FilterError(_("“not” takes one condition."))
            return Not(self.tree(rest[0], base, depth=depth + 1))
        return self._condition(head, rest, base, depth)

    def _condition(self, path: str, rest: list, base: Base, depth: int) -> Is:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            raise FilterError(_("At most {number} conditions.").format(number=MAX_CONDITIONS))
        field, _owner = resolve(path, base)
        op = ops.op_of(field.kind, rest[0]) if rest and isinstance(rest[0], str) else None
        if op is None:
            raise FilterError(_("“{field}” has no such operator.").format(field=field.title), path)
        values = rest[1:]
        if len(values) != (0 if op.takes == "nothing" else 1):
            raise FilterError(_("“{field}”: one value is expected.").format(field=field.title), path)
        if op.takes == "nothing":
            return Is(path, op.key)
        if op.takes == "tree":
            return Is(path, op.key, self.tree(values[0], fields.base(field.source.to), depth=depth + 1))  # type: ignore[union-attr]
        return Is(path, op.key, _value(field, op.takes, values[0], path))


def resolve(path: str, base: Base) -> tuple[Field, Base]:
    """The field at a path and the base it belongs to. Raises FilterError."""
    head, _dot, rest = path.partition(".")
    field = base.field(head)
    if field is None or (rest and (field.kind != "relation" or rest.count(".") > 2)):
        raise FilterError(_("There is no such field: {field}.").format(field=path[:80]), path[:80] or "filter")
    return resolve(rest, fields.base(field.source.to)) if rest else (field, base)  # type: ignore[union-attr]


def _value(field: Field, takes: str, raw: Anything, path: str) -> object:
    read: Callable = _READERS.get(field.kind, _text)
    try:
        if takes == "one":
            return read(raw)
        if takes == "point":
            return _point(raw, field.kind)
        if takes == "length":
            return _length(raw, field.kind)
        items = _items(raw, pair=takes in ("pair", "points"))
        return tuple(_point(item, field.kind) if takes == "points" else read(item) for item in items)
    except ValueError as error:
        raise FilterError(f"«{field.title}»: {error}", path) from error


def _items(raw: Anything, *, pair: bool) -> Sequence:
    if not isinstance(raw, list | tuple) or len(raw) > MAX_VALUES or (pair and len(raw) != 2):
        raise ValueError(_("two values are expected") if pair else _("a list of values is expected"))
    return raw


def _text(raw: Anything) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT or "\x00" in raw:
        raise ValueError(_("a text is expected, at most {number} characters").format(number=MAX_TEXT))
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("a text is expected, at most {number} characters").format(number=MAX_TEXT)) from error
    return raw


def _number(raw: Anything) -> int | Decimal:
    try:
        number = Decimal(raw.replace("\u00a0", "").replace(" ", "").replace(",", ".") if isinstance(raw, str) else raw)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError(_("a number is expected")) from error
    if isinstance(raw, bool) or not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError(_("a number is expected"))
    number = number.quantize(Decimal("0.000001"))
    return int(number) if number == number.to_integral_value() else number.normalize()


def _row(raw: Anything) -> int:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 19:
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < 2**63:
        raise ValueError(_("choose from the list"))
    return raw


def _person(raw: Anything) -> int | str:
    return raw if raw in GROUPS else _row(raw)


def _yes_no(raw: Anything) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(_("yes or no is expected"))
    return raw


def _time(raw: Anything) -> str:
    if isinstance(raw, str) and len(raw) == 5 and raw[2] == ":" and raw.isascii():
        hours, minutes = raw[:2], raw[3:]
        if hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60:
            return raw
    raise ValueError(_("a time is expected, for example 15:30"))


def _point(raw: Anything, kind: str) -> str:
    if not dates.is_point(raw) or (kind == "date" and raw != "now" and raw[-1:] in "mh"):
        raise ValueError(_("a day is expected, for example 2026-11-28 or today"))
    return raw


def _length(raw: Anything, kind: str) -> str:
    if not dates.is_length(raw) or (kind == "date" and raw[-1] in "mh"):
        raise ValueError(_("a length of time is expected, for example 3d or 2w"))
    return raw


_READERS: dict[str, Callable] = {
    "number": _number,
    "money": _number,
    "time": _time,
    "yes_no": _yes_no,
    "row": _row,
    "client": _row,
    "person": _person,
}
