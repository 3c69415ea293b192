"""What can be asked about: the bases (deals, tasks, clients …) and their fields, built in and declared alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .scope import Scope

Text = str | Promise
Options = Callable[[], Sequence[tuple[object, str]]]
Namer = Callable[[object, Scope], str]

KINDS = (
    "text", "number", "money", "date", "time", "datetime", "yes_no", "choice", "choices", "row", "person", "client",
    "file", "relation",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of the row, or of a row it points to («stage__meaning»)."""

    path: str


@dataclass(frozen=True)
class Json:
    """A key of a JSONB column: a declared field, kept as `deals.fields` keeps it."""

    path: str
    key: str


@dataclass(frozen=True)
class Listed:
    """An array column of keys, asked like a declared field of several choices. `same`: for each key all those that
    stand for the same choice."""

    path: str
    same: Callable[[Iterable[object]], Sequence[Sequence[object]]] | None = None


@dataclass(frozen=True)
class Missing:
    """A yes/no that is yes while the column is empty: «open» is «not closed yet»."""

    path: str


@dataclass(frozen=True, kw_only=True)
class Related:
    """Rows of another base whose `link` is this row's `outer`.

    `gated`: the rows are asked through the gate of whoever asks. Leave it off only when whoever sees this row
    is bound to see them, or a filter could tell what a list would not.
    """

    to: str
    link: str
    outer: str = "pk"
    gated: bool = True


Source = Column | Json | Listed | Missing | Related


@dataclass(frozen=True, kw_only=True)
class Field:
    """`options` are asked only when titles are needed: (value, title) pairs of a choice or of rows. `named` says one
    value where there are too many to list, as far as whoever asks may see it."""

    key: str
    title: Text
    kind: str
    source: Source
    options: Options = tuple
    named: Namer | None = None
    unit: str = ""
    group: Text = ""

    def option_titles(self) -> dict[object, str]:
        return dict(self.options())


@dataclass(frozen=True)
class Base:
    """Rows that can be filtered, and by what. A snapshot: ask `base(key)` again after fields were declared."""

    key: str
    model: type[Model]
    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))

    def field(self, key: str) -> Field | None:
        return self.fields.get(key)


def base(key: str) -> Base:
    """A base by its key; the table of bases is `voronka.wiring.BASES`. One query when it has declared fields."""
    given = _standing_in.get()
    return given[key] if key in given else _factories()[key]()


@contextmanager
def standing_in(bases: Mapping[str, Base]) -> Iterator[None]:
    """Within the block these stand for those of the table, wherever a relation leads to them."""
    token = _standing_in.set(bases)
    try:
        yield
    finally:
        _standing_in.reset(token)


_standing_in: ContextVar[Mapping[str, Base]] = ContextVar("voronka_standing_in", default=MappingProxyType({}))


def base_keys() -> tuple[str, ...]:
    return tuple(_factories())


@cache
def _factories() -> Mapping[str, Callable[[], Base]]:
    table: Mapping[str, str] = import_string(settings.VORONKA_BASES)
    return {key: import_string(path) for key, path in table.items()}
