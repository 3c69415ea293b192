"""Two clients made one on screen and over the API, old links, and two again."""

import pytest

from voronka.clients.actions import add_note, register_client
from voronka.clients.models import Company, Merge
from voronka.kernel import actor

pytestmark = pytest.mark.django_db
BY = actor.system("test")
PHONE = "+79214471833"


@pytest.fixture
def two(cast):
    home = [f"s:{cast.owner.seat_id}"]
    return [
        register_client(by=BY, name=name, identities=[("phone", PHONE), ("telegram", tg)], home=home).company
        for name, tg in (("Ирина", "ira"), ("Ирина Соколова", "irasok"))
    ]


def test_from_the_card_to_one_client_and_back(two, cast, as_person):
    one, other = two
    browser = as_person(cast.owner)
    page = browser.get(f"/clients/{one.pk}/similar").content.decode()
    assert "Ирина Соколова" in page and "Телефон тот же" in page
    page = browser.get(f"/clients/{one.pk}/merges?other={other.pk}").content.decode()
    assert "<mark>ira</mark>" in page and 'value="other" checked' in page and "+7 921 447-18-33</mark>" not in page
    answer = browser.post(f"/clients/{one.pk}/merges", {"other": other.pk, "name": "other"})
    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{one.pk}")
    assert Company.objects.get().name == "Ирина Соколова"
    led = browser.get(f"/clients/{other.pk}")
    assert (led.status_code, led["Location"], led["Cache-Control"]) == (301, f"/clients/{one.pk}", "no-store")
    story = browser.get(f"/clients/{one.pk}").content.decode()
    assert "Клиент заведён: <b>Ирина Соколова</b>" in story and "объединил" in story
    merge = Merge.objects.get(within=None)
    assert f"/merges/{merge.pk}" in browser.get(f"/clients/{one.pk}/similar").content.decode()
    add_note(one.pk, by=BY, text="после")
    assert browser.get(f"/merges/{merge.pk}").status_code == 200
    browser.post(f"/merges/{merge.pk}", {"since": "other"})
    assert sorted(Company.objects.values_list("pk", "name")) == [(one.pk, "Ирина"), (other.pk, "Ирина Соколова")]
    assert other.notes.get().text == "после"
    assert browser.get(f"/merges/{merge.pk}").status_code == 404


def test_who_does_not_see_both_merges_nothing(two, cast, as_person):
    one, other = two
    stranger = as_person(cast.stranger)
    for url in (f"/clients/{one.pk}/similar", f"/clients/{one.pk}/merges?other={other.pk}"):
        assert stranger.get(url).status_code == 404
    assert stranger.post(f"/clients/{one.pk}/merges", {"other": other.pk}).status_code == 404
    mine = register_client(by=BY, name="Моя", home=[f"s:{cast.owner.seat_id}"]).company
    hidden = register_client(by=BY, name="Чужая").company
    assert as_person(cast.owner).post(f"/clients/{mine.pk}/merges", {"other": hidden.pk}).status_code == 404
    assert Company.objects.count() == 4


def test_a_client_with_itself_is_refused_in_words(two, cast, as_person):
    answer = as_person(cast.owner).post(f"/clients/{two[0].pk}/merges", {"other": two[0].pk})
    assert answer.status_code == 422 and "один и тот же клиент" in answer.content.decode()
