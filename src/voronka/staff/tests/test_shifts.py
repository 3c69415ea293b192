from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.actions import cancel_shift, plan_shift, plan_shifts
from voronka.staff.models import Shift
from voronka.staff.queries import on_shift
from voronka.staff.rules import rhythm_days, shift_span

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = date(2026, 11, 16)
HOURS = {"starts": time(10), "ends": time(21), "zone": MOSCOW}


def test_rhythms():
    last = MONDAY + timedelta(days=7)
    assert [day.day for day in rhythm_days("2/2", MONDAY, last)] == [16, 17, 20, 21]
    assert [day.day for day in rhythm_days("1/3", MONDAY, last)] == [16, 20]
    assert [day.day for day in rhythm_days("weekdays", MONDAY, last)] == [16, 17, 18, 19, 20, 23]
    assert len(rhythm_days("every", MONDAY, last)) == 8


def test_a_night_shift_ends_the_next_day():
    starts_at, ends_at = shift_span(MONDAY, time(22), time(6), MOSCOW)
    assert ends_at - starts_at == timedelta(hours=8)


def test_planning_again_keeps_what_there_is(cast):
    days = rhythm_days("2/2", MONDAY, MONDAY + timedelta(days=6))
    assert plan_shifts(cast.owner, by=cast.head.actor, days=days, **HOURS).made == 4
    again = plan_shifts(cast.owner, by=cast.head.actor, days=[*days, MONDAY + timedelta(days=2)], **HOURS)
    assert (again.made, again.kept) == (1, 4)


def test_shifts_of_one_person_do_not_overlap_and_of_two_do(cast):
    starts_at = datetime(2026, 11, 19, 10, tzinfo=MOSCOW)
    hours = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=8)}
    plan_shift(cast.owner, by=cast.head.actor, **hours)
    plan_shift(cast.partner, by=cast.head.actor, **hours)
    with pytest.raises(FieldErrors):
        plan_shift(cast.owner, by=cast.head.actor, **hours)


def test_on_shift_is_whose_hours_it_is(cast, clock):
    clock.set(datetime(2026, 11, 19, 12, tzinfo=MOSCOW))
    plan_shifts(cast.owner, by=cast.head.actor, days=[date(2026, 11, 19)], **HOURS)
    plan_shifts(cast.colleague, by=cast.head.actor, days=[date(2026, 11, 20)], **HOURS)
    names = {person.name for person in on_shift(roles=["manager"], brand=cast.brand.pk)}
    assert cast.owner.name in names
    assert cast.colleague.name not in names


def test_only_who_manages_the_person_plans_their_time(cast):
    with pytest.raises(Refusal):
        plan_shifts(cast.owner, by=cast.colleague.actor, days=[MONDAY], **HOURS)
    with pytest.raises(Refusal):
        plan_shifts(cast.director, by=cast.head.actor, days=[MONDAY], **HOURS)
    assert not Shift.objects.exists()


def test_too_much_or_nothing_is_refused(cast):
    with pytest.raises(FieldErrors):
        plan_shifts(cast.owner, by=cast.head.actor, days=[], **HOURS)
    many = rhythm_days("every", MONDAY, MONDAY + timedelta(days=100))
    with pytest.raises(FieldErrors):
        plan_shifts(cast.owner, by=cast.head.actor, days=many, **HOURS)


def test_a_shift_is_taken_away_once(cast):
    plan_shifts(cast.owner, by=cast.head.actor, days=[MONDAY], **HOURS)
    shift = Shift.objects.get()
    cancel_shift(shift, by=cast.head.actor)
    cancel_shift(shift, by=cast.head.actor)
    assert not Shift.objects.exists()
