"""`if` of a rule: a filter over the deal as `kernel.filters` writes it, with keys where a screen's filter has ids.

[all, [players, ">=", 10], [brand, in, [chas-iks, zagadka]]]
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from voronka.clients import filters as client_filters
from voronka.deals import filters as deal_filters
from voronka.deals.models import FieldDef
from voronka.kernel import clock
from voronka.kernel.filters import Any as AnyOf
from voronka.kernel.filters import Base, FilterError, Scope, Tree, holds, parse, phrase, standing_in, where
from voronka.kernel.filters import conditions as every
from voronka.staff.queries import company_zone

from . import screen_fields, values
from .schema import Field, Process
from .triggers import CLIENT, DEAL

#: Fields whose values a document names by key.
BY_KEY = {
    "funnel": values.FUNNEL,
    "stage": values.STAGE,
    "brand": values.BRAND,
    "location": values.LOCATION,
}

Ids = Mapping[str, Mapping[str, int]]
NOTHING = AnyOf()


def references(wire: Any) -> Iterator[tuple[str, str]]:
    """What the condition names: (kind, key)."""
    found: list[tuple[str, str]] = []

    def note(kind: str, key: str) -> int:
        found.append((kind, key))
        return 0

    renamed(wire, note)
    return iter(found)


def mistake(wire: Any, process: Process, subject: str = DEAL) -> str:
    """What is wrong with a condition, as a sentence; nothing when it can be asked. Needs no database."""
    try:
        with standing_in({"deals": base_of(process)}):
            parse(renamed(wire, lambda kind, key: 0), base_of(process, subject))
    except FilterError as error:
        return next(iter(error.errors.values()))
    return ""


@dataclass(frozen=True)
class Asked:
    """A condition ready to be asked of many rows. `of_screen`: it names fields that change without the document."""

    tree: Tree
    base: Base
    of_screen: bool = False

    def passes(self, row: Model) -> bool:
        """Whether the row fulfils it now."""
        return holds(self.tree, self.base, row, scope())

    def among(self, rows: QuerySet) -> QuerySet:
        """Those of the rows that fulfil it now."""
        return rows.filter(where(self.tree, self.base, scope()))


def asked(wire: Any, process: Process, ids: Ids, subject: str = DEAL) -> Asked:
    """One whose field was retired on screen, or is of another type now, holds for nothing until that is mended."""
    with screen_fields.known():
        base, on_screen = base_of(process, subject), {row.key for row in screen_fields.rows()}
    try:
        tree = parse(renamed(wire, lambda kind, key: ids[kind][key]), base)
    except FilterError:
        return Asked(NOTHING, base, of_screen=True)
    named = {one.field.rpartition(".")[2] for one in every(tree)}
    return Asked(tree, base, of_screen=not on_screen.isdisjoint(named))


def words(wire: Any, process: Process, subject: str = DEAL) -> str:
    """The condition as people read it, from the document alone; fields made on screen are read when it names one."""
    try:
        return _said(wire, process, subject)
    except FilterError:
        pass
    try:
        with screen_fields.known():
            return _said(wire, process, subject)
    except FilterError:
        return _("a condition that can't be read")


def _said(wire: Any, process: Process, subject: str) -> str:
    deals = written_base(process)
    base = deals if subject != CLIENT else base_of(process, subject)
    with standing_in({"deals": deals}):
        return str(phrase(parse(wire, base), base, scope()))


def written_base(process: Process) -> Base:
    """Deals as a document speaks of them: what has a row in the base is named by its key."""
    known = base_of(process)
    keyed = {
        field: replace(known.fields[field], kind="choice", options=partial(_titles, process, kind))
        for field, kind in BY_KEY.items()
    }
    return Base(known.key, known.model, MappingProxyType({**known.fields, **keyed}))


def _titles(process: Process, kind: str) -> list[tuple[object, str]]:
    return [(key, str(title)) for key, title in process.outline.titles[kind].items()]


def scope() -> Scope:
    """Of a rule: it sees everything."""
    return Scope(now=clock.now(), zone=company_zone())


def base_of(process: Process, subject: str = DEAL) -> Base:
    """Deals with the fields that this document declares and those made on screen that are known here; or clients."""
    if subject == CLIENT:
        return client_filters.base()
    written = [_row(field, process) for field in process.fields.deal]
    return deal_filters.base(declared=[*written, *screen_fields.rows()])


def _row(field: Field, process: Process) -> FieldDef:
    options = [list(pair) for pair in process.options(field).items()]
    return FieldDef(entity="deal", key=field.key, title=field.title, type=field.type, options=options, unit=field.unit)


def renamed(wire: Any, name: Callable[[str, str], Any]) -> Any:
    """The same condition with every key of a row replaced."""
    if not isinstance(wire, list | tuple):
        return wire
    name_of = wire[0].rpartition(".")[2] if wire and isinstance(wire[0], str) else ""
    if len(wire) == 3 and name_of in BY_KEY and wire[1] not in ("some", "none"):
        field, op, value = wire
        kind = BY_KEY[name_of]
        given = [name(kind, str(key)) for key in value] if isinstance(value, list | tuple) else name(kind, str(value))
        return [field, op, given]
    return [renamed(part, name) for part in wire]
