"""Learning how often each level of agreement comes among rows of one person, of relatives and of strangers.

Strangers are seen in pairs that chance draws. The other two are learned by expectation and maximisation over the pairs
worth comparing: guess who is who, count the levels, guess again. A small base tells little, so each count starts from
what is usual, weighed as PRIOR pairs. Source: Fellegi and Sunter, A Theory for Record Linkage, 1969; Winkler, 1988.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .columns import Shares
from .comparisons import DIFFERENT, MISSING, Seen

PRIOR = 12.0
#: Pairs of one person, and of relatives, for each row, of which no base has fewer.
FEWEST = 0.02
#: … and more of all pairs no base has, however small.
MOST = 0.3
ROUNDS, ENOUGH = 80, 1e-5
RAREST, LEAST = 1e-6, 1e-9
#: Among rows of one person the usual share of sameness, of which the levels between get the rest but DIFFERENT's.
USUAL_SAME, USUAL_DIFFERENT = 0.85, 0.04
USUAL_SWAPPED = 0.03
#: Relatives share a phone, a surname or a home about as often as not.
USUAL_KIN = 0.4
#: A rare value weighs more also when it is only nearly the same, by half.
NEARLY = 0.5


_CLASSES = ("same", "kin", "strangers")


@dataclass(frozen=True)
class Learned:
    """For each comparison shares of its levels, [MISSING] unused; and how many pairs of all are of each class."""

    same: Mapping[str, Shares]
    kin: Mapping[str, Shares]
    strangers: Mapping[str, Shares]
    share_same: float
    share_kin: float

    @property
    def told(self) -> dict[str, Any]:
        """As JSON."""
        shares = {name: {key: one.tolist() for key, one in getattr(self, name).items()} for name in _CLASSES}
        return {**shares, "share_same": self.share_same, "share_kin": self.share_kin}

    @classmethod
    def read(cls, told: Mapping[str, Any] | None) -> "Learned | None":
        """What `told` has said; None of nothing."""
        if not told:
            return None
        shares = {name: {key: np.array(one) for key, one in told[name].items()} for name in _CLASSES}
        return cls(**shares, share_same=told["share_same"], share_kin=told["share_kin"])


@dataclass(frozen=True)
class Weighed:
    """Of each pair: logarithm of the odds that it is one person; that it is relatives against strangers; and, for each
    comparison, how much it says for one person, in the same measure."""

    odds: Shares
    kin: Shares
    parts: dict[str, Shares]

    @property
    def probability(self) -> Shares:
        return 1 / (1 + np.exp(-np.clip(self.odds, -700, 700)))


def learn(seen: Sequence[Seen], by_chance: Sequence[Seen], *, rows: int, pairs: float) -> Learned:
    """`seen` of the pairs worth comparing, `by_chance` of chance pairs; `pairs` there are of `rows` rows in all."""
    strangers = _strangers(by_chance, np.ones(len(by_chance[0].levels)))
    usual = {one.key: _usual(one) for one in seen}
    usual_kin = {one.key: _usual(one, USUAL_KIN, 1 - USUAL_KIN) for one in seen}
    kin = {one.key: strangers[one.key] if one.own else usual_kin[one.key] for one in seen}
    few = _share(FEWEST * rows, pairs)
    learned = Learned(usual, kin, strangers, few, few if _has_shared(seen) else 0.0)
    # In a small base chance draws the same person, too.
    strangers = _strangers(by_chance, 1 - _memberships(by_chance, learned)[0])
    for _round in range(ROUNDS):
        same, related = _memberships(seen, learned)
        better = Learned(
            {one.key: _counted(one, same, usual[one.key]) for one in seen},
            {one.key: kin[one.key] if one.own else _counted(one, related, usual_kin[one.key]) for one in seen},
            strangers,
            _share(max(same.sum(), FEWEST * rows), pairs),
            _share(max(related.sum(), FEWEST * rows), pairs) if learned.share_kin else 0.0,
        )
        moved = max(np.abs(better.same[key] - learned.same[key]).max() for key in usual)
        learned = better
        if moved < ENOUGH:
            break
    return learned


def _strangers(by_chance: Sequence[Seen], weights: Shares) -> dict[str, Shares]:
    return {one.key: _counted(one, weights, _flat(one)) for one in by_chance}


def _share(count: float, pairs: float) -> float:
    return min(count / pairs, MOST)


def weigh(seen: Sequence[Seen], learned: Learned) -> Weighed:
    parts = {one.key: _said(one, learned.same[one.key]) - _said_of_strangers(one, learned) for one in seen}
    kin = sum((_said_of_kin(one, learned) - _said_of_strangers(one, learned) for one in seen), start=np.zeros(1))
    strangers = 1 - learned.share_same - learned.share_kin
    for_same = sum(parts.values(), start=np.zeros(1)) + np.log(learned.share_same / strangers)
    for_kin = kin + np.log(max(learned.share_kin, 1e-300) / strangers)
    return Weighed(for_same - np.logaddexp(0.0, for_kin), for_kin, parts)


def _memberships(seen: Sequence[Seen], learned: Learned) -> tuple[Shares, Shares]:
    weighed = weigh(seen, learned)
    same = weighed.probability
    return same, (1 - same) / (1 + np.exp(-np.clip(weighed.kin, -700, 700)))


def _said(one: Seen, shares: Shares) -> Shares:
    said = np.log(np.maximum(shares, RAREST))
    said[MISSING] = 0.0
    return said[one.levels]


def _said_of_strangers(one: Seen, learned: Learned) -> Shares:
    """As `_said`; that strangers share a value is as likely as the value is common."""
    shares = np.maximum(learned.strangers[one.key], RAREST)
    said = _said(one, learned.strangers[one.key])
    known = one.commonness > 0
    same, nearly = known & (one.levels == one.top), known & (one.levels == one.top - 1) & (one.top > 2)
    said[same] = np.log(np.maximum(one.commonness[same], LEAST))
    rarer = np.log(shares[one.top] / np.maximum(one.commonness[nearly], LEAST))
    said[nearly] -= NEARLY * np.clip(rarer, -3.0, 1.0)
    return said


def _said_of_kin(one: Seen, learned: Learned) -> Shares:
    return _said_of_strangers(one, learned) if one.own else _said(one, learned.kin[one.key])


def _counted(one: Seen, weights: Shares, usual: Shares) -> Shares:
    counts = np.bincount(one.levels, weights=weights, minlength=one.top + 1) + PRIOR * usual
    counts[MISSING] = 0
    return counts / counts.sum()


def _usual(one: Seen, alike: float = USUAL_SAME, different: float = USUAL_DIFFERENT) -> Shares:
    shares = np.zeros(one.top + 1)
    between = max(one.top - DIFFERENT - 1, 0)
    shares[DIFFERENT] = different
    shares[DIFFERENT + 1 : one.top] = (1 - alike - different) / max(between, 1)
    shares[one.top] = alike
    if "~" in one.key:
        shares[DIFFERENT], shares[one.top] = 1 - USUAL_SWAPPED, USUAL_SWAPPED
    return shares / shares.sum()


def _flat(one: Seen) -> Shares:
    """What chance pairs too few to show a level leave of it: nearly nothing."""
    shares = np.full(one.top + 1, 0.01 / PRIOR)
    shares[MISSING] = 0
    return shares


def _has_shared(seen: Sequence[Seen]) -> bool:
    return any(not one.own for one in seen)
