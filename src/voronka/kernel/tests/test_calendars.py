"""Working time: examples of a Russian office, and laws that hold for any calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.kernel.calendars import (
    ALWAYS,
    Calendar,
    Length,
    Shifts,
    Weekly,
    due,
    is_working_day,
    latest_start,
    worked_between,
)

MOSCOW = ZoneInfo("Europe/Moscow")
WEEK = [(540, 1080)] * 5 + [None, None]
OFFICE = Weekly(MOSCOW, WEEK, breaks=[(780, 840)], country="RU")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "length", "ends"),
    [
        ("2026-11-23T10:00", Length(30, "minute"), "2026-11-23T10:30"),
        ("2026-11-23T12:30", Length(1, "hour"), "2026-11-23T14:30"),  # over lunch
        ("2026-11-27T17:50", Length(15, "minute"), "2026-11-30T09:05"),  # over a weekend
        ("2026-11-28T03:00", Length(15, "minute"), "2026-11-30T09:15"),  # came at night, on Saturday
        ("2026-12-30T17:00", Length(2, "hour"), "2027-01-11T10:00"),  # 31.12.2026 to 10.01.2027 are off
        ("2026-11-27T10:00", Length(1, "day"), "2026-11-30T10:00"),
        ("2026-11-28T12:00", Length(1, "day"), "2026-12-01T09:00"),
        ("2026-11-26T10:00", Length(2, "day"), "2026-11-30T10:00"),
        ("2026-11-28T12:00", Length(1, "week"), "2026-12-07T09:00"),
        ("2026-11-25T12:00", Length(1, "week"), "2026-12-02T12:00"),
    ],
)
def test_an_office_counts_its_own_hours(start, length, ends):
    assert due(at(start), length, OFFICE) == at(ends)


def test_moved_days_are_worked_and_own_days_win():
    assert is_working_day(date(2024, 4, 27), OFFICE)  # a Saturday worked for the May holidays
    assert not is_working_day(date(2026, 1, 9), OFFICE)
    own = Weekly(MOSCOW, WEEK, country="RU", off=[date(2026, 11, 23)], on={date(2026, 1, 9): (600, 660)})
    assert not is_working_day(date(2026, 11, 23), own)
    assert worked_between(at("2026-01-09T00:00"), at("2026-01-10T00:00"), own) == timedelta(hours=1)


def test_shifts_count_while_somebody_is_there_and_the_wall_where_none_are_planned():
    shifts = Shifts(
        MOSCOW, [(at("2026-11-23T10:00"), at("2026-11-23T20:00")), (at("2026-11-25T10:00"), at("2026-11-25T20:00"))]
    )
    assert due(at("2026-11-23T19:50"), Length(15, "minute"), shifts) == at("2026-11-25T10:05")
    assert due(at("2026-11-25T19:50"), Length(15, "minute"), shifts) == at("2026-11-25T20:05")
    assert due(at("2026-11-20T03:00"), Length(5, "minute"), shifts) == at("2026-11-20T03:05")


def test_day_and_night_need_no_calendar():
    assert due(at("2026-11-28T03:00"), Length(1, "day")) == at("2026-11-29T03:00")
    assert worked_between(at("2026-11-28T03:00"), at("2026-11-28T02:00")) == timedelta()


MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
LENGTHS = st.builds(Length, st.integers(1, 60), st.sampled_from(["minute", "hour", "day"])) | st.just(Length(2, "week"))
HOURS = st.tuples(st.integers(0, 1380), st.integers(30, 900)).map(lambda h: (h[0], min(h[0] + h[1], 1440)))
CALENDARS = st.builds(
    Weekly,
    st.sampled_from([MOSCOW, ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")]),
    st.lists(HOURS | st.none(), min_size=7, max_size=7).filter(any),
    breaks=st.lists(st.just((780, 810)), max_size=1),
    country=st.sampled_from(["", "RU"]),
).filter(
    lambda calendar: worked_between(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC), calendar)
) | st.just(ALWAYS)


@given(start=MOMENTS, length=LENGTHS, calendar=CALENDARS)
def test_so_much_work_lies_before_the_due_moment(start: datetime, length: Length, calendar: Calendar):
    ends = due(start, length, calendar)
    assert ends > start
    if length.unit in ("minute", "hour"):
        assert worked_between(start, ends, calendar) == length.wall


@given(start=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=9)), length=LENGTHS, calendar=CALENDARS)
def test_who_begins_later_is_not_due_before(start: datetime, later: timedelta, length: Length, calendar: Calendar):
    assert due(start, length, calendar) <= due(start + later, length, calendar)


@given(now=MOMENTS, length=LENGTHS, calendar=CALENDARS)
def test_the_latest_start_divides_what_is_due_from_what_is_not(now: datetime, length: Length, calendar: Calendar):
    edge = latest_start(now, length, calendar)
    second = timedelta(seconds=1)
    assert due(edge - second, length, calendar) <= now
    assert due(edge + second, length, calendar) > now


@given(a=MOMENTS, b=MOMENTS, c=MOMENTS, calendar=CALENDARS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime, calendar: Calendar):
    a, b, c = sorted((a, b, c))
    whole = worked_between(a, c, calendar)
    assert worked_between(a, b, calendar) + worked_between(b, c, calendar) == whole <= c - a
