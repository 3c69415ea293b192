"""How patient a delivery is. Pure."""

from datetime import timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

#: Wait after each failed try; together a little less than three days.
WAITS = (
    timedelta(seconds=5), timedelta(seconds=30), 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR,
    12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR,
)  # fmt: skip
#: A hook that has taken nothing for so long is dead.
DEAD_AFTER = sum(WAITS, timedelta())
#: After so many failures in a row the whole hook rests, longer each time, so that a dead one costs others nothing.
PATIENT_WITH = 3
LONGEST_REST = 10 * MINUTE


def wait_after(attempts: int) -> timedelta | None:
    """How long until the next try, after so many; None: that was the last."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def rest_after(failures: int) -> timedelta:
    """How long the whole hook rests after so many failures in a row."""
    if failures < PATIENT_WITH:
        return timedelta()
    return min(timedelta(seconds=5) * 2 ** min(failures - PATIENT_WITH, 10), LONGEST_REST)
