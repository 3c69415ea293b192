"""How sure one must be. Chosen on sets made for it, from measured precision; `benches/dedupe.py` measures on others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .comparisons import Seen

#: Odds, as natural logarithms: merged without asking at 99.75 %, shown to people from 50 %.
AUTOMATIC, ASKED = 6.0, 0.0
#: … or, for those who want to be surer still, at 99.99 %.
STRICT = 9.2
#: What belongs to one person or company. A name and an address alone are a father and a son.
IDENTIFYING = frozenset({"phone", "email", "handle", "birthday", "number"})


def identified(seen: Sequence[Seen]) -> NDArray[np.bool_]:
    """Pairs that share something identifying: only these may be merged without asking."""
    marks = [one.levels == one.top for one in seen if one.key in IDENTIFYING]
    return np.logical_or.reduce(marks)
