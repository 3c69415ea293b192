"""Rows become one: many pairs at once, each kept as a `Merge` that says how to part them again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.rows import insert_many

from ..models import Merge
from . import choice
from .carry import Row, carry, end, last_ids, read_rows, take_out, write_rows
from .kind import Kind


@dataclass(frozen=True)
class Pair:
    """`own`: values of the survivor as a person chose them. `within`: the merge that this one is a part of."""

    survivor: int
    other: int
    own: Mapping[str, Any] = field(default_factory=dict)
    within: Merge | None = None


@dataclass(frozen=True)
class Carried:
    """What of `other` a merge has brought to its survivor. `told` is what undoing needs of it."""

    other: Row
    told: dict[str, Any]


def join(kind: Kind, pairs: Sequence[Pair], *, by: Actor, scan: int | None = None) -> list[Merge]:
    """In the order of the pairs. Whether they may be one is for the caller to say."""
    merges: list[Merge] = []
    for round_ in rounds(pairs):
        now = clock.now()
        merges += [
            Merge(
                kind=kind.name,
                survivor=pair.survivor,
                other=pair.other,
                client=kind.client_of(carried.other),
                title=carried.other[kind.title],
                within=pair.within,
                scan_id=scan,
                carried=carried.told,
                merged_at=now,
                merged_by_id=by.person_id,
            )
            for pair, carried in zip(round_, carry_all(kind, round_, at=now), strict=True)
        ]
    if merges:
        insert_many(merges)
    return merges


def carry_all(kind: Kind, pairs: Sequence[Pair], *, at: datetime) -> list[Carried]:
    """Pairs that have no row in common."""
    ways = {pair.other: pair.survivor for pair in pairs}
    rows = read_rows(kind.table, [*ways, *ways.values()])
    values = {pair.survivor: _values(kind, pair, rows) for pair in pairs}
    last = last_ids(kind.references)
    ended = end(kind.endings, list(ways), at=at)
    moved, removed = carry(kind.references, ways)
    led = kind.lead(ways)
    take_out(kind.table, list(ways))
    write_rows(kind.table, rows, values)
    found = []
    for pair in pairs:
        ours, theirs = rows[pair.survivor], rows[pair.other]
        told = {
            "row": theirs,
            "moved": moved.get(pair.other, {}),
            "removed": removed.get(pair.other, {}),
            "ended": ended.get(pair.other, {}),
            "led": led.get(pair.other, {}),
            "changed": {column: [ours[column], value] for column, value in values[pair.survivor].items()},
            "own": dict(pair.own),
            "last": last,
        }
        found.append(Carried(theirs, told))
    return found


def rounds(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """The pairs in order, a new round whenever a row has been in this one."""
    round_: list[Pair] = []
    seen: set[int] = set()
    for pair in pairs:
        if {pair.survivor, pair.other} & seen:
            yield round_
            round_, seen = [], set()
        round_.append(pair)
        seen |= {pair.survivor, pair.other}
    if round_:
        yield round_


def _values(kind: Kind, pair: Pair, rows: Mapping[int, Row]) -> dict[str, Any]:
    ours, theirs = rows[pair.survivor], rows[pair.other]
    return choice.chosen(kind.rules, ours, theirs, kind.derived(ours, theirs) | dict(pair.own))
