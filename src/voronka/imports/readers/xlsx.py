"""Sheets of XLSX, row after row. Its table of texts lies beside on the disk, since it grows with the file."""

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import IO, Any, overload
from xml.etree.ElementTree import ParseError, iterparse
from zipfile import BadZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException

DAMAGED = (BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, EOFError)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: A workbook may say that a sheet is wider than anybody's.
_WIDEST = 300


class Texts(Sequence[str]):
    """The texts that cells point to, kept in a file: only where each begins is held."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # goes with the book
        self._starts = array("Q", [0])

    def append(self, text: str) -> None:
        written = self._file.write(text.encode())
        self._starts.append(self._starts[-1] + written)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: Any) -> Any:
        return self._text(index)

    @lru_cache(maxsize=20_000)  # noqa: B019  # one book, one life
    def _text(self, index: int) -> str:
        start, end = self._starts[index], self._starts[index + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()


class _Reader(ExcelReader):
    """openpyxl's own, but for the texts, all of which it would hold in memory."""

    def read_strings(self) -> None:
        self.shared_strings = Texts()
        part = next((one for one in self.archive.namelist() if one.lower().endswith("sharedstrings.xml")), None)
        if part is None:
            return
        with self.archive.open(part) as source:
            for _event, element in iterparse(source):
                if element.tag == f"{_MAIN}si":
                    self.shared_strings.append(_plain(element))
                    element.clear()


def _plain(item: Any) -> str:
    """Text and runs of text, without how it is to be pronounced."""
    found = [*item.findall(f"{_MAIN}t"), *item.findall(f"{_MAIN}r/{_MAIN}t")]
    return "".join(one.text or "" for one in found)


def read(file: IO[bytes]) -> tuple[dict[str, Any], Iterator[list[str]]]:
    reader = _Reader(file, read_only=True, data_only=True)
    reader.read()
    sheet = next((one for one in reader.wb.worksheets if one.sheet_state == "visible"), reader.wb.worksheets[0])
    sheet.reset_dimensions()
    rows = (_row(row) for row in sheet.iter_rows(values_only=True, max_col=_WIDEST))
    return {"sheet": sheet.title, "sheets": len(reader.wb.worksheets)}, rows


def _row(values: Sequence[Any]) -> list[str]:
    """Without the empty cells that openpyxl adds at the end."""
    width = next((place for place in range(len(values), 0, -1) if values[place - 1] is not None), 0)
    return [text_of(value) for value in values[:width]]


def text_of(value: Any) -> str:
    """A cell as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)
