"""A file of any kind as rows of texts, one after another: the first row is the headings. None holds the whole file."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from . import csvs, vcards, xlsx

Rows = Iterator[list[str]]
#: What tells how the file was understood, for people: {"encoding": …, "separator": …}.
Form = dict[str, Any]


class Unreadable(Exception):
    """The file is none that can be read; the sentence is for people."""


_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: A sheet or a text of more rows is no list of clients.
MOST_ROWS = 5_000_000
MOST_COLUMNS = 300


def open_rows(file: IO[bytes], name: str) -> tuple[Form, Rows]:
    """How the file is understood, and its rows. By what it holds; its name only tells a vCard. Raises Unreadable."""
    head = file.read(4096)
    file.seek(0)
    if head.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is a table of the old Excel. Save it as XLSX or CSV."))
    reader = _reader(head, name)
    try:
        form, rows = reader(file)
    except _DAMAGED as error:
        raise Unreadable(_("The file cannot be read: %(error)s") % {"error": error}) from error
    return form, _guarded(rows)


def _reader(head: bytes, name: str) -> Callable[[IO[bytes]], tuple[Form, Rows]]:
    if head.startswith(_ZIP):
        return xlsx.read
    if name.lower().endswith((".vcf", ".vcard")) or b"BEGIN:VCARD" in head.upper():
        return vcards.read
    return csvs.read


def _guarded(rows: Rows) -> Rows:
    """What a damaged file says in the middle is told in words, too."""
    count = 0
    try:
        for row in rows:
            count += 1
            if count > MOST_ROWS:
                raise Unreadable(_("The file has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS})
            yield row[:MOST_COLUMNS]
    except Unreadable:
        raise
    except _DAMAGED as error:
        where = {"row": count + 1, "error": error}
        raise Unreadable(_("The file cannot be read from row %(row)s on: %(error)s") % where) from error


_DAMAGED = (*csvs.DAMAGED, *xlsx.DAMAGED, *vcards.DAMAGED)
