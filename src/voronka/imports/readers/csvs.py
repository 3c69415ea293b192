"""Texts with separators. The encoding and the separator are found by what the file itself holds."""

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from charset_normalizer import from_bytes

SAMPLE = 256 * 1024
SEPARATORS = ";,\t|"
#: What Russian programs write, when it is not UTF.
ENCODINGS = ["cp1251", "koi8_r", "cp866", "mac_cyrillic", "iso8859_5", "utf_16_le", "utf_16_be", "cp1252"]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DAMAGED = (csv.Error, UnicodeError)
#: One cell of more characters is a file in a cell.
csv.field_size_limit(1_000_000)


def read(file: IO[bytes]) -> tuple[dict[str, Any], Iterator[list[str]]]:
    sample = file.read(SAMPLE)
    file.seek(0)
    encoding = encoding_of(sample)
    separator = separator_of(sample.decode(encoding, "ignore"))
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    form = {"encoding": encoding.removesuffix("-sig"), "separator": separator}
    return form, csv.reader(_without_nulls(text), delimiter=separator)


def encoding_of(sample: bytes) -> str:
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    try:
        # a sample may end in the middle of a letter
        sample[: len(sample) - 4 if len(sample) == SAMPLE else None].decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if len(sample) == SAMPLE and error.start > SAMPLE - 8:
            return "utf-8"
    best = from_bytes(sample, cp_isolation=ENCODINGS).best()
    return best.encoding if best else "cp1251"


def separator_of(sample: str) -> str:
    """The one that divides most rows into the same number of cells."""
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=False))[:200]
    widths = [len(row) for row in rows[: -1 if len(rows) > 2 else None] if row]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _without_nulls(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\x00", "") for line in lines)
