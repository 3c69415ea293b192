"""Small tables that every page reads (stages, fields, people, tags), kept by each process and never out of date.

Whoever writes such a table gives it another stamp: a database trigger does, in the same transaction. What is kept is
used while the stamps of its tables are those it was read under, so a page of any process sees what a colleague has
changed. What is kept is shared by all requests: it is read, never changed. See docs/adr/0016.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Generic, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)
Stamps = Mapping[str, str]

#: Everything that is kept, for the test that its tables have stamps.
SHELF: "list[Kept]" = []

_looked: ContextVar[list[Stamps] | None] = ContextVar("voronka_stamps", default=None)


class Kept(Generic[T]):
    """What `read` makes of some tables, named by their models: read again when one of them was written."""

    def __init__(self, read: Callable[[], T], *models: type[Model] | str) -> None:
        self.read, self.models = read, models
        self._kept: tuple[list[str | None], T] | None = None
        SHELF.append(self)

    @cached_property
    def tables(self) -> list[str]:
        found = (apps.get_model(model) if isinstance(model, str) else model for model in self.models)
        return [model._meta.db_table for model in found]

    def __call__(self) -> T:
        found = stamps()
        now = [found.get(table) for table in self.tables]
        kept = self._kept
        if kept is None or kept[0] != now or None in now:
            # Read after the stamps: what is kept may be newer than they say, never older.
            self._kept = kept = (now, self.read())
        return kept[1]


def rows(query: "Callable[[], QuerySet[Row]]", *models: type[Model] | str) -> "Kept[dict[int, Row]]":
    """All rows of a query by id, in its order."""
    return Kept(lambda: {row.pk: row for row in query()}, *models)


def stamps() -> Stamps:
    """The stamps of all tables that have one. One small query."""
    looked = _looked.get()
    if looked:
        return looked[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, stamp::text FROM kernel_stamp")
        found = dict(cursor.fetchall())
    if looked is not None:
        looked.append(found)
    return found


@contextmanager
def one_look() -> Iterator[None]:
    """Within the block the stamps are asked once: for a page that only reads, or a part of an act that does."""
    if _looked.get() is not None:
        yield
        return
    token = _looked.set([])
    try:
        yield
    finally:
        _looked.reset(token)
