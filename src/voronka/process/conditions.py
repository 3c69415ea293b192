"""`if` of a rule: a filter over the deal as `kernel.filters` writes it, with keys where a screen's filter has ids.

[all, [players, ">=", 10], [brand, in, [chas-iks, zagadka]]]
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from voronka.deals import filters as deal_filters
from voronka.deals.models import Deal, FieldDef
from voronka.kernel import clock
from voronka.kernel.filters import Base, FilterError, Scope, Tree, holds, parse, phrase
from voronka.staff.queries import company_zone

from . import values
from .schema import Field, Process

#: Fields whose values a document names by key.
BY_KEY = {
    "funnel": values.FUNNEL,
    "stage": values.STAGE,
    "brand": values.BRAND,
    "location": values.LOCATION,
}

Ids = Mapping[str, Mapping[str, int]]


def references(wire: Any) -> Iterator[tuple[str, str]]:
    """What the condition names: (kind, key)."""
    found: list[tuple[str, str]] = []

    def note(kind: str, key: str) -> int:
        found.append((kind, key))
        return 0

    _renamed(wire, note)
    return iter(found)


def mistake(wire: Any, process: Process) -> str:
    """What is wrong with a condition, as a sentence; nothing when it can be asked. Needs no database."""
    try:
        parse(_renamed(wire, lambda kind, key: 0), _base(process))
    except FilterError as error:
        return next(iter(error.errors.values()))
    return ""


def passes(wire: Any, deal: Deal, process: Process, ids: Ids) -> bool:
    """Whether the deal fulfils the condition now."""
    return holds(tree_of(wire, process, ids), _base(process), deal, _scope())


def words(wire: Any, process: Process) -> str:
    """The condition as people read it, from the document alone."""
    base = written_base(process)
    try:
        return str(phrase(parse(wire, base), base, _scope()))
    except FilterError:
        return _("a condition that can't be read")


def written_base(process: Process) -> Base:
    """Deals as a document speaks of them: what has a row in the base is named by its key."""
    known = _base(process)
    keyed = {
        field: replace(known.fields[field], kind="choice", options=partial(_titles, process, kind))
        for field, kind in BY_KEY.items()
    }
    return Base(known.key, known.model, MappingProxyType({**known.fields, **keyed}))


def _titles(process: Process, kind: str) -> list[tuple[object, str]]:
    return [(key, str(title)) for key, title in process.outline.titles[kind].items()]


def tree_of(wire: Any, process: Process, ids: Ids) -> Tree:
    return parse(_renamed(wire, lambda kind, key: ids[kind][key]), _base(process))


def _scope() -> Scope:
    return Scope(now=clock.now(), zone=company_zone())


def _base(process: Process) -> Base:
    """Deals with the fields that this document declares."""
    return deal_filters.base(declared=[_row(field, process) for field in process.fields.deal])


def _row(field: Field, process: Process) -> FieldDef:
    options = [list(pair) for pair in process.options(field).items()]
    return FieldDef(entity="deal", key=field.key, title=field.title, type=field.type, options=options, unit=field.unit)


def _renamed(wire: Any, name: Callable[[str, str], int]) -> Any:
    """The same condition with every key of a row replaced."""
    if not isinstance(wire, list | tuple):
        return wire
    if len(wire) == 3 and wire[0] in BY_KEY:
        field, op, value = wire
        kind = BY_KEY[field]
        given = [name(kind, str(key)) for key in value] if isinstance(value, list | tuple) else name(kind, str(value))
        return [field, op, given]
    return [_renamed(part, name) for part in wire]
