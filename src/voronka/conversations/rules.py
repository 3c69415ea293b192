"""Rules of conversations: facts in, decision out."""

from datetime import datetime, timedelta

from voronka.channels.port import Can


def is_within(can: Can, heard_at: datetime | None, moment: datetime) -> bool:
    """Whether the channel lets us write freely at that moment."""
    if can.hours is None:
        return True
    return heard_at is not None and moment <= heard_at + timedelta(hours=can.hours)


def room(paced_until: datetime | None, now: datetime, per_second: float, *, burst: float = 1.0) -> int:
    """How many messages fit into a connection's pace now. `paced_until` is the moment up to which it is used."""
    used = max((paced_until - now).total_seconds(), 0.0) if paced_until else 0.0
    return max(int((burst - used) * per_second), 0)


def paced(paced_until: datetime | None, now: datetime, per_second: float, count: int) -> datetime:
    """The pace after `count` more."""
    begun = max(paced_until or now, now)
    return begun + timedelta(seconds=count / per_second)


#: Waits between tries of what passes.
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)


def pause(tries: int, after: float | None) -> timedelta | None:
    """Until the next try: what the channel asked for, else ours; None when it has been tried enough."""
    if after is not None and tries <= 50:
        return timedelta(seconds=min(max(after, 0.5), 3600))
    return PAUSES[tries - 1] if 0 < tries <= len(PAUSES) else None
