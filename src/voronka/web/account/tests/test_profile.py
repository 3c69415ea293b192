import pytest
from django.test import Client

from voronka.staff.models import Person
from voronka.testing.cast import PASSWORD

FACTS = {"name": "Мария Тен", "phone": "+79312001442", "time_zone": "Asia/Omsk", "language": "en", "theme": "dark"}
NEW_PASSWORD = "zelenaya-dver-88"


@pytest.fixture
def browser(cast, as_person):
    return as_person(cast.owner)


def reread(person):
    return Person.objects.get(pk=person.pk)


def test_what_one_sets_is_kept_and_the_page_speaks_it(cast, browser):
    answer = browser.post("/profile", FACTS)
    assert answer["Location"] == "/profile?done=saved"
    page = browser.get("/profile").content.decode()
    assert 'lang="en"' in page and 'data-theme="dark"' in page
    kept = reread(cast.owner)
    assert {key: getattr(kept, key) for key in FACTS} == FACTS


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}, {"theme": "pink"}, {"time_zone": "../../etc"}],
)
def test_wrong_values_are_told_beside_their_field_and_nothing_is_lost(cast, browser, wrong):
    answer = browser.post("/profile", {**FACTS, "phone": "12-34", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id-{next(iter(wrong))}-err"' in page
    assert "12-34" in page
    assert reread(cast.owner).language == "ru"


def test_one_cannot_give_oneself_more_than_the_profile_has(cast, browser):
    browser.post("/profile", {**FACTS, "role": cast.director.role_id, "seat": cast.stranger.seat_id, "email": "x@y.ru"})
    kept = reread(cast.owner)
    assert (kept.role_id, kept.seat_id, kept.email) == (cast.owner.role_id, cast.owner.seat_id, cast.owner.email)


def test_a_new_password_keeps_this_session_and_ends_the_others(cast, browser, as_person):
    other = as_person(cast.owner)
    answer = browser.post("/profile/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert answer["Location"] == "/profile?done=password"
    assert browser.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302
    facts = {"email": cast.owner.email, "password": NEW_PASSWORD}
    assert Client().post("/sign-in", facts)["Location"] == "/day"


@pytest.mark.parametrize(
    ("current", "password", "field"),
    [("wrong", NEW_PASSWORD, "current"), (PASSWORD, "short", "password"), ("", "", "current")],
)
def test_the_password_stays_when_something_is_wrong(cast, browser, current, password, field):
    answer = browser.post("/profile/password", {"current": current, "password": password})
    assert answer.status_code == 422
    assert f'id="id-{field}-err"' in answer.content.decode()
    assert reread(cast.owner).check_password(PASSWORD)


def test_signing_out_elsewhere_keeps_this_session(cast, browser, as_person):
    other = as_person(cast.owner)
    assert browser.post("/profile/other-sessions")["Location"] == "/profile?done=elsewhere"
    assert browser.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302


def test_the_theme_is_set_at_once(cast, browser):
    assert browser.post("/theme", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    assert reread(cast.owner).theme == "dark"
    assert browser.post("/theme", {"theme": "pink"}, headers={"HX-Request": "true"}).status_code == 422


def test_being_here_is_noted_once_a_minute(cast, browser, clock):
    browser.get("/profile")
    first = reread(cast.owner).last_seen_at
    clock.advance(seconds=30)
    browser.get("/profile")
    assert reread(cast.owner).last_seen_at == first
    clock.advance(seconds=40)
    browser.get("/profile")
    assert reread(cast.owner).last_seen_at > first
