import pytest

from voronka.notices.models import Choice, Hours

ASKED = {
    "quiet_from": "22:00",
    "quiet_till": "08:00",
    "on_shift_only": "on",
    "where-urgent": ["push"],
    "where-rule": ["page"],
}


@pytest.fixture
def browser(cast, as_person):
    return as_person(cast.owner)


def test_what_is_chosen_is_kept_and_shown_again(cast, browser):
    assert browser.post("/profile/notices", ASKED)["Location"] == "/profile?done=notices"
    hours = Hours.objects.get(person=cast.owner)
    assert (f"{hours.quiet_from:%H:%M}", hours.urgent_anyway, hours.on_shift_only) == ("22:00", False, True)
    rule = Choice.objects.get(person=cast.owner, kind="rule")
    assert (rule.page, rule.push, rule.email) == (True, False, False)
    page = browser.get("/profile").content.decode()
    assert 'value="22:00"' in page and 'name="where-rule" value="page"' in page
    assert page.count("checked") == 4  # urgent on page and devices, rule on page, shifts


@pytest.mark.parametrize(("wrong", "field"), [({"quiet_from": "x"}, "quiet_from"), ({"quiet_till": ""}, "quiet_till")])
def test_wrong_hours_are_told_beside_their_field_and_nothing_is_lost(cast, browser, wrong, field):
    answer = browser.post("/profile/notices", {**ASKED, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id-{field}-err"' in page
    assert page.count("checked") == 3  # as it was sent: urgent on devices, rule on page, shifts
    assert not Hours.objects.exists() and not Choice.objects.exists()


def test_faults_are_chosen_by_whoever_is_told_of_them(cast, browser, as_person):
    assert "where-alarm" not in browser.get("/profile").content.decode()
    assert "where-alarm" in as_person(cast.director).get("/profile").content.decode()


@pytest.mark.parametrize(("address", "offered"), [("smtp://127.0.0.1:25", True), ("", False)])
def test_letters_are_offered_only_where_they_can_leave(cast, browser, settings, address, offered):
    settings.EMAIL_URL, settings.BASE_URL = address, "https://crm.example.ru"
    assert ('value="email"' in browser.get("/profile").content.decode()) is offered


def test_what_the_page_does_not_offer_stays_as_it_was(cast, browser, settings):
    settings.EMAIL_URL, settings.BASE_URL = "", "https://crm.example.ru"
    Choice.objects.create(person=cast.owner, kind="rule", page=True, push=True, email=True)
    Choice.objects.create(person=cast.owner, kind="alarm", page=True, push=True, email=True)
    browser.post("/profile/notices", ASKED)
    rule, alarm = (Choice.objects.get(person=cast.owner, kind=kind) for kind in ("rule", "alarm"))
    assert (rule.page, rule.push, rule.email) == (True, False, True)
    assert (alarm.push, alarm.email) == (True, True)
