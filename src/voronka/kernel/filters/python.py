"""The same plan over facts in memory: rules ask it of one row, tests compare it with the database."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any as Anything

from django.db.models import Model

from .checks import AllOf, Either, Every, Filled, Holds, OneOf, Order, Plan, Same, Some, Test, Without
from .fields import Base, Column, Field, Json, Listed, Missing, Related
from .plan import plan
from .scope import Scope
from .sql import SHAPES, related_rows
from .tree import Tree

Facts = Mapping[str, Anything] | Model


def holds(tree: Tree, base: Base, facts: Facts, scope: Scope) -> bool:
    """Whether a row passes the filter. `facts`: the row itself, or field key → value as kept, relations as lists of
    such mappings. A row's relations are read from the database when a condition needs them."""
    return fulfils(plan(tree, base, scope), facts, scope)


def fulfils(checked: Plan, facts: Facts, scope: Scope) -> bool:
    """The same of a filter that is planned already."""
    if isinstance(checked, Every):
        return all(fulfils(part, facts, scope) for part in checked.parts)
    if isinstance(checked, Either):
        return any(fulfils(part, facts, scope) for part in checked.parts)
    if isinstance(checked, Without):
        return not fulfils(checked.part, facts, scope)
    if isinstance(checked, Some):
        return any(fulfils(checked.plan, row, scope) for row in _related(checked, facts, scope))
    return _passes(checked.field, checked.test, _value(checked.field, facts))


def _related(some: Some, facts: Facts, scope: Scope) -> Iterable[Facts]:
    if isinstance(facts, Mapping):
        return facts.get(some.field.key) or ()
    source = some.field.source
    assert isinstance(source, Related)
    outer = getattr(facts, source.outer)
    read = scope.related or related_rows
    return () if outer is None else read(some.base, source, scope, outer)


def _value(field: Field, facts: Facts) -> Anything:
    if isinstance(facts, Mapping):
        return facts.get(field.key)
    source = field.source
    if isinstance(source, Json):
        return getattr(facts, source.path).get(source.key)
    assert isinstance(source, Column | Listed | Missing)
    value: Anything = facts
    for step in source.path.split("__"):
        value = getattr(value, step) if value is not None else None
    return value is None if isinstance(source, Missing) else value


def _passes(field: Field, test: Test, value: Anything) -> bool:
    if field.kind in ("choices", "file"):
        return _list_passes(test, value)
    kept = _as_kind(field, value)
    if isinstance(test, Filled):
        return kept is not None and not (field.kind in ("text", "choice") and kept == "")
    if kept is None:
        return False
    if isinstance(test, OneOf | AllOf):
        return any(_equal(kept, wanted) for wanted in test.values)
    if isinstance(test, Order):
        return _in_order(kept, test)
    text = str(kept).lower()
    if isinstance(test, Same):
        return text == test.text
    return test.text in text if isinstance(test, Holds) else text.startswith(test.text)


def _list_passes(test: Test, value: Anything) -> bool:
    if isinstance(test, Filled):
        return value not in (None, "", [], ())
    values = value if isinstance(value, list | tuple) else ()
    assert isinstance(test, OneOf | AllOf)
    found = [any(_equal(item, wanted) for item in values) for wanted in test.values]
    return all(found) if isinstance(test, AllOf) else any(found)


def _equal(one: Anything, other: Anything) -> bool:
    """Equal as JSON: yes is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _in_order(value: Anything, test: Order) -> bool:
    edge: Anything = test.edge
    if test.sign == "<":
        return value < edge
    if test.sign == "<=":
        return value <= edge
    return value > edge if test.sign == ">" else value >= edge


def _as_kind(field: Field, value: Anything) -> Anything:
    """The value as its kind, None when it is empty or (declared) does not look like its kind."""
    if value is None:
        return None
    if not isinstance(field.source, Json):
        return value
    if field.kind not in SHAPES:
        return _as_text(value) if field.kind == "text" else value
    text = _number_text(value) if field.kind in ("number", "money") else value
    if not isinstance(text, str) or not re.fullmatch(SHAPES[field.kind].strip("^$"), text):
        return None
    return Decimal(text) if field.kind in ("number", "money") else text


def _as_text(value: Anything) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _number_text(value: Anything) -> str | None:
    if isinstance(value, bool):
        return None
    try:
        return value if isinstance(value, str) else f"{Decimal(str(value)):f}"
    except InvalidOperation:
        return None
