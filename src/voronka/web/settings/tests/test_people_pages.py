import re

import pytest
from django.test import Client

from voronka.staff.models import Person, Seat, Team
from voronka.testing.cast import role

HTMX = {"HX-Request": "true"}
PAGES = ("/settings/people", "/settings/roles", "/settings/teams", "/settings/shifts", "/settings/locations")


@pytest.fixture
def head(cast, as_person):
    return as_person(cast.head)


def facts_of(person, **changed):
    facts = {
        "name": person.name,
        "email": person.email,
        "role": person.role_id,
        "seat": person.seat_id,
        "brands": [brand.pk for brand in person.brands.all()],
        "locations": [location.pk for location in person.locations.all()],
    }
    return {**facts, **changed}


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_people_by_role(cast, as_person, page):
    seen = {
        who: as_person(getattr(cast, who)).get(page).status_code
        for who in cast.__dataclass_fields__
        if hasattr(getattr(cast, who), "reach")
    }
    assert seen == {
        "owner": 403,
        "partner": 403,
        "colleague": 403,
        "stranger": 403,
        "administrator": 403,
        "head": 200,
        "director": 200,
    }
    assert Client().get(page)["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "address",
    [
        "people/new",
        "people/{id}",
        "people/{id}/activity",
        "people/{id}/password",
        "teams/new",
        "shifts/new",
        "shifts/plan",
    ],
)
def test_a_manager_writes_nothing_here(cast, as_person, address):
    before = Person.objects.values_list("name", "password", "is_active", "role_id").order_by("id")
    before = list(before)
    answer = as_person(cast.owner).post(f"/settings/{address.format(id=cast.colleague.pk)}", facts_of(cast.colleague))
    assert answer.status_code == 403
    assert list(Person.objects.values_list("name", "password", "is_active", "role_id").order_by("id")) == before


def test_settings_open_the_first_page_one_may_see(cast, as_person, head):
    assert head.get("/settings")["Location"] == "/settings/people"
    assert as_person(cast.owner).get("/settings").status_code == 403


def test_the_list_shows_who_shares_an_account_and_what_each_sees(cast, head):
    page = head.get(f"/settings/people?person={cast.owner.pk}").content.decode()
    assert f"общая запись: {cast.partner.name}" in page
    assert f"Сделки свои и общей учётной записи: {cast.partner.name}" in page


def test_the_list_asks_as_often_for_forty_people_as_for_seven(cast, head, django_assert_max_num_queries):
    for number in range(33):
        seat = Seat.objects.create(name=str(number))
        person = Person.objects.create(
            email=f"n{number}@voronka.example",
            name=f"Н {number}",
            role=role("manager"),
            seat=seat,
            created_at=cast.owner.created_at,
        )
        person.brands.set([cast.brand])
    with django_assert_max_num_queries(26):
        head.get("/settings/people")
    with django_assert_max_num_queries(30):
        head.get("/settings/shifts")


def test_finding_by_a_part_of_the_name(cast, head):
    page = head.get("/settings/people?q=крыл").content.decode()
    assert cast.partner.name in page
    assert cast.colleague.name not in page
    assert "Никого по запросу" in head.get("/settings/people?q=%00zzz").content.decode()


def test_letting_somebody_in_shows_the_password_once(cast, head):
    facts = {"name": "Юлия Мороз", "email": "julia@voronka.example", "role": role("manager").pk, "seat": "own"}
    answer = head.post("/settings/people/new", {**facts, "brands": [cast.brand.pk]}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "#dialogs"
    password = re.search(r'class="v-pass">([^<]+)<', page).group(1)
    made = Person.objects.get(email="julia@voronka.example")
    assert made.check_password(password)
    assert password not in head.get(f"/settings/people?person={made.pk}").content.decode()
    entered = Client().post("/sign-in", {"email": made.email, "password": password})
    assert entered["Location"] == "/day"


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(cast, head):
    answer = head.post("/settings/people/new", {"name": "", "email": cast.owner.email, "phone": "12-34"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id-name-err"' in page and 'id="id-role-err"' in page
    assert "12-34" in page
    facts = {"name": "Ю", "email": cast.owner.email, "role": role("manager").pk}
    page = head.post("/settings/people/new", facts, headers=HTMX).content.decode()
    assert 'id="id-email-err"' in page


@pytest.mark.parametrize(
    "wrong", [{"role": "9" * 30}, {"seat": "9" * 30}, {"seat": "x"}, {"brands": ["x"]}, {"team": "77"}]
)
def test_made_up_ids_are_told_and_not_an_error(cast, head, wrong):
    answer = head.post(f"/settings/people/{cast.colleague.pk}", facts_of(cast.colleague, **wrong), headers=HTMX)
    assert answer.status_code == 422


def test_the_head_is_offered_no_more_than_the_head_has(cast, head):
    page = head.get("/settings/people/new", headers=HTMX).content.decode()
    assert "Директор" not in page
    assert cast.other_brand.name not in page
    assert cast.stranger.name not in page
    answer = head.post(
        f"/settings/people/{cast.colleague.pk}",
        facts_of(cast.colleague, role=cast.director.role_id),
        headers=HTMX,
    )
    assert answer.status_code == 422
    assert Person.objects.get(pk=cast.colleague.pk).role == cast.colleague.role


def test_the_head_has_no_buttons_over_the_director_and_no_way_around(cast, head):
    page = head.get(f"/settings/people?person={cast.director.pk}").content.decode()
    assert f"/settings/people/{cast.director.pk}/password" not in page
    answer = head.post(f"/settings/people/{cast.director.pk}/password", {"password": "tihaya-gavan-12"}, headers=HTMX)
    assert answer.status_code == 409
    answer = head.post(f"/settings/people/{cast.director.pk}/activity", {"active": "0"}, headers=HTMX)
    assert answer.status_code == 409
    assert answer.json()["reason"]
    assert Person.objects.get(pk=cast.director.pk).is_active


def test_changing_parting_and_sharing_a_seat(cast, head):
    address = f"/settings/people/{cast.partner.pk}"
    assert head.post(address, facts_of(cast.partner, seat="own"), headers=HTMX)["HX-Redirect"]
    assert Person.objects.get(pk=cast.partner.pk).seat_id != cast.owner.seat_id
    head.post(address, facts_of(cast.partner, seat=cast.colleague.seat_id), headers=HTMX)
    assert Person.objects.get(pk=cast.partner.pk).seat_id == cast.colleague.seat_id


def test_switching_off_and_on(cast, head):
    address = f"/settings/people/{cast.colleague.pk}/activity"
    head.post(address, {"active": "0"}, headers=HTMX)
    assert not Person.objects.get(pk=cast.colleague.pk).is_active
    assert cast.colleague.name in head.get("/settings/people?tab=left").content.decode()
    head.post(address, {"active": "1"}, headers=HTMX)
    assert Person.objects.get(pk=cast.colleague.pk).is_active


def test_teams(cast, head):
    assert head.post("/settings/teams/new", {"name": "Утро"}, headers=HTMX)["HX-Redirect"] == "/settings/teams"
    team = Team.objects.get()
    assert head.post("/settings/teams/new", {"name": "Утро"}, headers=HTMX).status_code == 422
    head.post(f"/settings/people/{cast.colleague.pk}", facts_of(cast.colleague, team=team.pk), headers=HTMX)
    assert cast.colleague.name in head.get("/settings/teams").content.decode()
    head.post(f"/settings/teams/{team.pk}", {"name": "Вечер"}, headers=HTMX)
    assert Team.objects.get().name == "Вечер"
    head.post(f"/settings/teams/{team.pk}/removal", headers=HTMX)
    assert not Team.objects.exists()
    assert Person.objects.get(pk=cast.colleague.pk).team is None


def test_what_is_typed_is_shown_as_text_and_never_as_markup(cast, head):
    evil = "<script>alert(1)</script>"
    head.post(f"/settings/people/{cast.colleague.pk}", facts_of(cast.colleague, name=evil), headers=HTMX)
    page = head.get(f"/settings/people?person={cast.colleague.pk}&q=%3Cscript").content.decode()
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_without_scripts_the_forms_are_pages(cast, head):
    page = head.get(f"/settings/people/{cast.colleague.pk}").content.decode()
    assert "<!doctype html>" in page and 'name="email"' in page
    answer = head.post(f"/settings/people/{cast.colleague.pk}", facts_of(cast.colleague, name="Дмитрий"))
    assert answer["Location"] == f"/settings/people?person={cast.colleague.pk}"
