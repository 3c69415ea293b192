"""How many deliveries a minute one address and one source may send. Counted in each web process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_KEYS = 50_000


class Buckets:
    """Token buckets by key: `per_minute` tokens at most, refilled evenly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, per_minute: int) -> bool:
        """Whether one more is within the limit; if so it is counted."""
        now = self._clock()
        left, at = self._left.pop(key, (float(per_minute), now))
        left = min(float(per_minute), left + (now - at) * per_minute / 60)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return allowed
