"""Which pairs are worth comparing: rows that share a key. Of a base of n rows that is a few for each instead of n."""

from collections.abc import Iterable

import numpy as np

from .columns import Numbers

Pairs = tuple[Numbers, Numbers]
_NONE = np.zeros(0, np.int64)


def pairs_of(keys: Numbers, *, most: int, rows: Numbers | None = None) -> Pairs:
    """Pairs of rows with one key, the smaller row first. A key of more than `most` rows tells nothing: left out.

    `rows` says whose each key is, where a row has several.
    """
    rows = np.arange(len(keys)) if rows is None else rows
    known = keys >= 0
    order = np.argsort(keys[known], kind="stable")
    rows, keys = rows[known][order], keys[known][order]
    if not len(keys):
        return _NONE, _NONE
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)])
    found = [(_NONE, _NONE)]
    for size in np.unique(sizes[(sizes > 1) & (sizes <= most)]):
        members = rows[starts[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(int(size), 1)
        found.append((members[:, first].ravel(), members[:, second].ravel()))
    one, other = (np.concatenate(side) for side in zip(*found, strict=True))
    different = one != other
    return np.minimum(one, other)[different], np.maximum(one, other)[different]


def union(found: Iterable[Pairs], count: int) -> Pairs:
    """All pairs found among `count` rows, each once."""
    numbers = np.unique(np.concatenate([_NONE, *(left * count + right for left, right in found)]))
    return numbers // count, numbers % count


def chance_pairs(count: int, wanted: int, *, seed: int = 7) -> Pairs:
    """Pairs as chance draws them: nearly all of strangers."""
    chance = np.random.default_rng(seed)
    left, right = chance.integers(0, count, wanted), chance.integers(0, count, wanted)
    return left[left != right], right[left != right]
