"""When a task comes again."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.tasks.repeat import EVERY, Repeat, next_after

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def turns(repeat: Repeat, starts: datetime, count: int) -> list[str]:
    zone = starts.tzinfo
    found, at = [], starts
    while at and len(found) < count:
        found.append(f"{at:%d.%m %H:%M}")
        at = next_after(at, rule=repeat.rule(starts.date()), starts_at=starts, zone=zone)
    return found


def moment(month: int, day: int, hour: int = 10, zone: ZoneInfo = MOSCOW) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=zone)


@pytest.mark.parametrize(
    ("repeat", "starts", "expected"),
    [
        (Repeat(every="daily"), moment(11, 29), ["29.11 10:00", "30.11 10:00", "01.12 10:00"]),
        (Repeat(every="weekdays"), moment(11, 20), ["20.11 10:00", "23.11 10:00", "24.11 10:00"]),
        (Repeat(every="weekly"), moment(11, 18), ["18.11 10:00", "25.11 10:00", "02.12 10:00"]),
        (Repeat(every="weekly", days=(1, 3)), moment(11, 17), ["17.11 10:00", "19.11 10:00", "24.11 10:00"]),
        (Repeat(every="monthly"), moment(1, 31), ["31.01 10:00", "28.02 10:00", "31.03 10:00", "30.04 10:00"]),
        (Repeat(every="monthly"), moment(1, 15), ["15.01 10:00", "15.02 10:00"]),
        (Repeat(every="daily", until=date(2026, 11, 21)), moment(11, 20), ["20.11 10:00", "21.11 10:00"]),
    ],
)
def test_turns(repeat: Repeat, starts: datetime, expected: list[str]) -> None:
    assert (
        turns(repeat, starts, max(len(expected), 2 if repeat.until is None else 9))[: len(expected) + 1][
            : len(expected)
        ]
        == expected
    )
    if repeat.until:
        assert turns(repeat, starts, 9) == expected, "the last day is the last one"


def test_the_hour_stays_when_clocks_change() -> None:
    starts = moment(10, 24, zone=BERLIN)  # summer time ends on the 25th
    assert turns(Repeat(every="daily"), starts, 3) == ["24.10 10:00", "25.10 10:00", "26.10 10:00"]


repeats = st.builds(
    Repeat,
    every=st.sampled_from(EVERY),
    days=st.lists(st.integers(0, 6), unique=True, max_size=7).map(lambda days: tuple(sorted(days))),
    until=st.none() | st.dates(date(2027, 1, 1), date(2028, 1, 1)),
)


@given(repeats, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_rule_is_read_as_it_was_written(repeat: Repeat, starts: date) -> None:
    rule = repeat.rule(starts)
    again = Repeat.of(rule)
    assert again.rule(starts) == rule
    assert again.until == repeat.until


@given(repeats, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_the_next_turn_is_later_and_at_the_same_hour(repeat: Repeat, naive: datetime) -> None:
    starts = naive.replace(second=0, microsecond=0, tzinfo=MOSCOW)
    found = next_after(starts, rule=repeat.rule(starts.date()), starts_at=starts, zone=MOSCOW)
    if found:
        assert found > starts
        assert (found.hour, found.minute) == (starts.hour, starts.minute)
