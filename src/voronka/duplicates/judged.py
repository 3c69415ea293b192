"""What people have said of pairs already, so that nobody is asked twice and nothing is merged against their word."""

from collections.abc import Sequence

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from voronka.clients.matching.blocks import Pairs
from voronka.clients.models import Suspicion

Ids = tuple[int, int]


def different(kind: str) -> set[Ids]:
    """Pairs that are two."""
    return set(_pairs(kind, Q(state=Suspicion.State.DIFFERENT)))


def not_by_itself(kind: str) -> set[Ids]:
    """Pairs that only people may merge: those that are two, and those that were merged and parted again."""
    return set(_pairs(kind, Q(state=Suspicion.State.DIFFERENT) | Q(state=Suspicion.State.WAITS, merge__isnull=False)))


def not_among(pairs: Pairs, ids: Sequence[int], known: set[Ids]) -> NDArray[np.bool_]:
    """Which of these pairs are not known; `ids` by place, in their order."""
    if not known:
        return np.ones(len(pairs[0]), bool)
    numbers = np.array(ids, np.int64)
    told = zip(numbers[pairs[0]].tolist(), numbers[pairs[1]].tolist(), strict=True)
    return np.fromiter((pair not in known for pair in told), bool, len(pairs[0]))


def _pairs(kind: str, which: Q) -> Sequence[Ids]:
    return list(Suspicion.objects.filter(which, kind=kind).values_list("left", "right"))
