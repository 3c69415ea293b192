"""Writing rows by the million: COPY into tables laid bare, whose keys and indexes are put back afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

NULL = "\\N"
_DAY = 86_400


class Table:
    """One table of rows to be: lines of tab-separated text in the order of `columns`, ids counted by us.

    Columns that are not named get what a new row has by default. Texts hold no tab, line end or backslash.
    """

    def __init__(self, model: type[Model], columns: str) -> None:
        self.model, self.name = model, model._meta.db_table
        named = columns.split()
        fields = [field for field in model._meta.local_concrete_fields if not field.generated]
        rest = [field for field in fields if field.column not in named]
        self.columns = [*named, *(field.column for field in rest)]
        self._end = "".join(f"\t{_text(field.get_default())}" for field in rest) + "\n"
        self.lines: list[str] = []
        self.last_id = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def add(self, line: str) -> None:
        self.lines.append(line + self._end)

    def take(self) -> str:
        """What has been added since the last time."""
        text, self.lines = "".join(self.lines), []
        return text

    def write(self, base: psycopg.Connection, text: str) -> None:
        """Into the table that this very transaction has emptied, so the rows need no vacuuming."""
        names = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FREEZE)").format(sql.Identifier(self.name), names)
        with base.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text)


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return "{}" if value in ([], {}) else str(value)


class Moments:
    """Seconds since 1970 as the base reads them, ten times as fast as `isoformat`."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first // _DAY
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        days = range(self._first, last // _DAY + 400)
        self._days = [f"{epoch + timedelta(days=day):%Y-%m-%d}" for day in days]
        self._times = [f"T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}+00:00" for s in range(_DAY)]

    def __call__(self, seconds: int) -> str:
        day, second = divmod(seconds, _DAY)
        return self._days[day - self._first] + self._times[second]

    def day(self, seconds: int) -> str:
        return self._days[seconds // _DAY - self._first]


_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f', conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
"""


@contextmanager
def bare(tables: Sequence[Table], progress: Callable[[str], None]) -> Iterator[None]:
    """Tables without triggers, indexes and foreign keys for the while; in one transaction, so all come back or none.

    Putting them back proves every foreign and unique key.
    """
    names = [table.name for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        constraints = cursor.execute(_CONSTRAINTS, [names]).fetchall()
        indexes = cursor.execute(_INDEXES, [names]).fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for number, (name, definition) in enumerate(indexes):
            progress(f"{number + 1}/{len(indexes)} {name}")
            cursor.execute(definition)
        for table, name, definition in constraints:
            progress(f"{name}")
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for table in tables:
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {max(table.last_id, 1)})")
