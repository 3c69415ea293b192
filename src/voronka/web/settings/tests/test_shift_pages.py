from datetime import date

import pytest

from voronka.staff.models import Shift

HTMX = {"HX-Request": "true"}
PLAN = {"rhythm": "2/2", "first": "2026-11-16", "last": "2026-11-23", "starts": "10:00", "ends": "21:00"}


@pytest.fixture
def head(cast, as_person):
    return as_person(cast.head)


def days_of(person):
    return [shift.span.lower.day for shift in Shift.objects.filter(person=person).order_by("span")]


def test_a_rhythm_for_two_who_replace_each_other(cast, head, clock):
    answer = head.post("/settings/shifts/plan", {**PLAN, "person": cast.owner.pk, "partner": "on"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="shift-grid"' in answer.content.decode()
    assert days_of(cast.owner) == [16, 17, 20, 21]
    assert days_of(cast.partner) == [18, 19, 22, 23]


def test_a_rhythm_for_one(cast, head, clock):
    head.post("/settings/shifts/plan", {**PLAN, "person": cast.owner.pk}, headers=HTMX)
    assert days_of(cast.partner) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last": "2026-11-01"}, "last"),
        ({"last": "2028-11-01"}, "last"),
        ({"first": "31.02.2026"}, "first"),
        ({"first": "1000-01-01"}, "first"),
        ({"starts": "25:00"}, "starts"),
        ({"rhythm": "9/9"}, "rhythm"),
        ({"person": "9" * 30}, "person"),
        ({"rhythm": "every", "last": "2027-05-01"}, "last"),
    ],
)
def test_mistakes_stand_beside_their_fields(cast, head, clock, wrong, field):
    answer = head.post("/settings/shifts/plan", {**PLAN, "person": cast.owner.pk, **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="id-{field}-err"' in answer.content.decode()
    assert not Shift.objects.exists()


def test_one_shift_and_taking_it_away(cast, head, clock):
    facts = {"person": cast.owner.pk, "day": "2026-11-18", "starts": "22:00", "ends": "06:00", "week": "2026-11-16"}
    page = head.post("/settings/shifts/new", facts, headers=HTMX).content.decode()
    assert "22–6" in page
    assert head.post("/settings/shifts/new", facts, headers=HTMX).status_code == 422
    shift = Shift.objects.get()
    page = head.post(f"/settings/shifts/{shift.pk}/cancellation", {"week": "2026-11-16"}, headers=HTMX).content.decode()
    assert "22–6" not in page
    assert head.post(f"/settings/shifts/{shift.pk}/cancellation", headers=HTMX).status_code == 404


def test_shifts_of_those_above_are_seen_and_not_touched(cast, head, clock):
    answer = head.post("/settings/shifts/plan", {**PLAN, "person": cast.director.pk}, headers=HTMX)
    assert answer.status_code == 422
    assert not Shift.objects.exists()


@pytest.mark.parametrize("week", ["", "x", "2026-W47", "9999-99-99", "0001-01-01", "9999-12-31"])
def test_any_week_in_the_address_is_borne(cast, head, week):
    assert head.get(f"/settings/shifts?week={week}").status_code == 200


def test_the_week_is_that_of_the_company(cast, head, clock):
    page = head.get("/settings/shifts?week=2026-11-19").content.decode()
    assert date(2026, 11, 16).isoformat() in page
