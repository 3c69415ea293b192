"""What a client wants, as two open deals of one client are compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from voronka.clients.matching.blocks import Pairs, pairs_of
from voronka.clients.matching.columns import Bag, Column, joined, numbered
from voronka.clients.matching.comparisons import Comparison, Seen, Shared, Text

#: Of more open deals in one funnel a client surely has many needs.
MOST_OF_ONE_CLIENT = 30
#: Days between two deals, nearness of them: one day, a week, a month, and more.
DAY, WEEK, MONTH = 1.0, 0.8, 0.5
#: What tells one need from another. That both came in one month is not enough.
TELLING = frozenset({"subject", "goods", "wish"})


@dataclass(frozen=True)
class Need:
    """`goods` are ids of products, `wish` the declared fields as «key=value», `day` counts from some day."""

    client: int
    funnel: int
    subject: str
    amount: str
    day: str
    goods: Sequence[str] = ()
    wish: Sequence[str] = ()

    @classmethod
    def of(
        cls, *, client: int, funnel: int, title: str, amount: Any, fields: Any, day: int, goods: Sequence[str]
    ) -> "Need":
        told: Mapping[str, Any] = json.loads(fields) if isinstance(fields, str) else fields
        return cls(
            client=client,
            funnel=funnel,
            subject=" ".join(title.lower().replace("ё", "е").split()),
            amount=f"{amount:f}" if amount else "",
            day=str(day),
            goods=sorted(goods),
            wish=[f"{key}={value}" for key, value in sorted(told.items())],
        )


def comparisons(found: Sequence[Need]) -> Iterator[Comparison]:
    yield Text("subject", Column.of([one.subject for one in found]), subject_likeness, (0.6, 0.85, 1.0))
    yield Text("amount", Column.of([one.amount for one in found]), amount_likeness, (0.5, 0.9, 1.0))
    yield Shared("goods", Bag.of([one.goods for one in found]), own=True)
    yield Shared("wish", Bag.of([one.wish for one in found]), own=True)
    yield Text("day", Column.of([one.day for one in found]), day_likeness, (MONTH, WEEK, DAY))


def candidates(found: Sequence[Need]) -> Pairs:
    """Deals of one client in one funnel."""
    clients, funnels = (numbered(keys)[0] for keys in ([one.client for one in found], [one.funnel for one in found]))
    return pairs_of(joined(clients, funnels), most=MOST_OF_ONE_CLIENT)


def telling(seen: Sequence[Seen]) -> NDArray[np.bool_]:
    """Pairs that share what tells a need, in one month: only these may be merged without asking."""
    [day] = [one for one in seen if one.key == "day"]
    marks = [one.levels == one.top for one in seen if one.key in TELLING]
    return np.logical_or.reduce(marks) & (day.levels >= day.top - 2)


def of_one_client(_rows: int, compared: int) -> float:
    """Two open deals of one client in one funnel have one need about as often as not."""
    return 2.0 * compared


def subject_likeness(one: str, other: str, **_options: object) -> float:
    return fuzz.token_sort_ratio(one, other) / 100


def amount_likeness(one: str, other: str, **_options: object) -> float:
    a, b = float(one), float(other)
    return min(a, b) / max(a, b)


def day_likeness(one: str, other: str, **_options: object) -> float:
    apart = abs(int(one) - int(other))
    return DAY if apart <= 1 else WEEK if apart <= 7 else MONTH if apart <= 31 else 0.0
