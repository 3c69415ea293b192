"""Rows as files for table programs: streamed or written on the disk, never held; no text of a client is run there."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

#: A table program runs what begins with these; a text of a client must stay a text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> Any:
    """A text that a table program would run is marked as a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class _Line:
    """A file for the csv writer that hands each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """With a mark by which table programs know UTF-8, and the separator that Russian ones expect."""
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff" + writer.writerow([safe(head) for head in heads])
    for row in rows:
        yield writer.writerow([str(value) if isinstance(value, Decimal) else safe(value) for value in row])


def xlsx_file(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Written row by row into a file on disk, then sent from there."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE as ILLEGAL

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append([safe(head) for head in heads])
    for row in rows:
        sheet.append([ILLEGAL.sub("", value) if isinstance(value, str) else value for value in map(safe, row)])
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    book.save(file)
    file.seek(0)
    return file
