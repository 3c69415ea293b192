"""What the engine must know of a kind of rows to make one of two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from .references import Ending, Reference, references_to

Row = Mapping[str, Any]
#: By column which rule of `choice` says the value that stays.
Rules = Mapping[str, str]


#: By row that is no more what leads to it in the values of other rows, and what undoing needs of it.
Led = dict[int, dict[str, Any]]


def nothing_else(_survivor: Row, _other: Row) -> dict[str, Any]:
    return {}


def nothing_leads(_ways: Mapping[int, int]) -> Led:
    return {}


def nothing_comes_back(_ways: Mapping[int, int], _led: Led) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`own`: columns of which the survivor keeps its value, as told by `rules` of all the others. `derived`: values
    that follow from several columns. `plain` are references without a foreign key.
    `pairs` are tables that lead to two rows of the kind, kept in order. `endings`: what of the other row ends with it.
    `lead` and `lead_back` see to values of other rows that lead to this one. `of`: the column of whatever both must
    belong to.
    """

    name: str
    model: type[Model]
    rules: Rules
    own: tuple[str, ...]
    derived: Callable[[Row, Row], dict[str, Any]] = nothing_else
    plain: tuple[tuple[type[Model], str], ...] = ()
    pairs: tuple[tuple[type[Model], str, str], ...] = ()
    endings: tuple[Ending, ...] = ()
    lead: Callable[[Mapping[int, int]], Led] = nothing_leads
    lead_back: Callable[[Mapping[int, int], Led], None] = nothing_comes_back
    of: str = ""
    title: str = "name"

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        return tuple(references_to(self.model, plain=self.plain, pairs=self.pairs))

    def client_of(self, row: Row) -> int:
        return int(row["company_id"] if "company_id" in row else row["id"])
