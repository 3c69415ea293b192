from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from voronka.notices.rules import Hours, free_at

OMSK = ZoneInfo("Asia/Omsk")  # UTC+6
NIGHT = (time(22), time(8))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November by the clock of Omsk."""
    return datetime(2026, 11, day, hour, minute, tzinfo=OMSK).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "free"),
    [
        (at(19, 21, 59), at(19, 21, 59)),
        (at(19, 22), at(20, 8)),
        (at(20, 3), at(20, 8)),
        (at(20, 8), at(20, 8)),
    ],
)
def test_quiet_hours_go_over_midnight_on_the_clock_of_the_person(now, free):
    assert free_at(now, Hours(zone=OMSK, quiet=NIGHT)) == free


def test_a_quiet_lunch_ends_the_same_day():
    assert free_at(at(19, 13, 5), Hours(zone=OMSK, quiet=(time(13), time(14)))) == at(19, 14)


def test_the_urgent_comes_in_quiet_hours_unless_the_person_forbids_it():
    assert free_at(at(20, 3), Hours(zone=OMSK, quiet=NIGHT), urgent=True) == at(20, 3)
    assert free_at(at(20, 3), Hours(zone=OMSK, quiet=NIGHT, urgent_anyway=False), urgent=True) == at(20, 8)


def test_off_shift_one_waits_for_the_next_shift_and_what_is_urgent_does_not():
    hours = Hours(zone=OMSK, urgent_anyway=False, shifts=[(at(20, 10), at(20, 18)), (at(21, 10), at(21, 18))])
    assert free_at(at(20, 11), hours) == at(20, 11)
    assert free_at(at(20, 18), hours) == at(21, 10)
    assert free_at(at(20, 19), hours, urgent=True) == at(20, 19)
    assert free_at(at(21, 18), hours) is None


def test_a_shift_that_begins_in_quiet_hours_is_waited_for_to_their_end():
    hours = Hours(zone=OMSK, quiet=NIGHT, shifts=[(at(20, 6), at(20, 14))])
    assert free_at(at(19, 20), hours) == at(20, 8)


def test_a_shift_that_lies_in_quiet_hours_altogether_frees_nobody():
    hours = Hours(zone=OMSK, quiet=NIGHT, shifts=[(at(20, 1), at(20, 5))])
    assert free_at(at(19, 20), hours) is None
