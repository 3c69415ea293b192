"""The book of an import: its rows in one form, whatever the file was. A line is a JSON list, the row's number in
the file and its texts, so that work goes on at any row by the place where that begins.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.core.files.storage import default_storage

#: A cell of more signs is cut: nothing that is kept here is longer.
LONGEST = 20_000
_MARKED = ("'=", "'+", "'-", "'@")


def write(name: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[list[str]]:
    """Write numbered rows under this name, but for empty ones; yields each as it is written."""
    with default_storage.open(name, "wb") as file:
        for number, row in rows:
            cells = [_plain(cell) for cell in row]
            if any(cells):
                file.write(json.dumps([number, *cells], ensure_ascii=False).encode() + b"\n")
                yield cells


def _plain(cell: str) -> str:
    """Without the mark by which a text that a table program would run is kept a text."""
    text = cell.strip()[:LONGEST].replace("\x00", "")
    return text[1:] if text.startswith(_MARKED) else text


def read(name: str, *, offset: int = 0) -> Iterator[tuple[int, list[str], int]]:
    """Rows from a place on: (number, cells, where the next row begins)."""
    with default_storage.open(name, "rb") as kept:
        # a kept file read line by line would begin anew
        file: Any = kept.file
        file.seek(offset)
        yield from _rows(file, offset)


def _rows(file: IO[bytes], offset: int) -> Iterator[tuple[int, list[str], int]]:
    for line in file:
        offset += len(line)
        number, *cells = json.loads(line)
        yield number, cells, offset
