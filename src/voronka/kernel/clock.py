"""The only source of time. Everything else asks here, so that tests and replays can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("voronka_clock", default=None)


def now() -> datetime:
    """Current moment, timezone-aware, UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """Calendar day of the current moment in `zone`."""
    return now().astimezone(zone).date()


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Within the block `now()` is `at` (aware)."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
