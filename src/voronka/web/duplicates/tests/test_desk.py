"""The desk of duplicates: who sees which pair, answers and the way back, the search by its buttons."""

import pytest

from voronka.clients.actions import register_client
from voronka.clients.models import Company, Contact, Matching, Scan, Suspicion
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal
from voronka.kernel import actor, clock

pytestmark = pytest.mark.django_db
BY = actor.system("test")
REASONS = [["phone", 3, 9.1], ["given", 4, 3.0], ["surname", 1, -2.5]]


@pytest.fixture
def pair(office):
    """One person entered twice, whom the owner sees."""
    home = [f"s:{office.cast.owner.seat_id}"]
    return [
        register_client(by=BY, name=name, identities=[("phone", "+79214471833"), ("telegram", tg)], home=home)
        for name, tg in (("Ира", "ira"), ("Ирина Соколова", "irasok"))
    ]


def suspicion(kind: str, left: int, right: int) -> Suspicion:
    facts = {"odds": 3.5, "reasons": REASONS, "found_at": clock.now()}
    return Suspicion.objects.create(kind=kind, left=left, right=right, **facts)


def test_one_person_is_merged_with_the_values_chosen_and_taken_back(pair, office, as_person):
    asked = suspicion("person", pair[0].pk, pair[1].pk)
    browser = as_person(office.cast.owner)
    page = browser.get("/duplicates").content.decode()
    assert "Ира ↔ Ирина Соколова" in page and "97 %" in page and "Телефон тот же" in page and "<mark>ira</mark>" in page
    answer = browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "one", "name": "this"})
    assert (answer.status_code, answer["Location"]) == (302, "/duplicates?kind=person")
    assert Company.objects.get().name == "Ира" and Contact.objects.get().name == "Ирина Соколова"
    assert browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "one"}).status_code == 404
    browser.post("/duplicates/taking-back", {"kind": "person"})
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Ира", "Ирина Соколова"]
    assert Suspicion.objects.get().state == "waits"


def test_relatives_become_one_family_of_two_people_and_others_stay_apart(pair, office, as_person):
    asked = suspicion("person", pair[0].pk, pair[1].pk)
    browser = as_person(office.cast.owner)
    browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "later"})
    assert "Ира ↔" not in browser.get("/duplicates").content.decode()
    browser.post("/duplicates/taking-back")
    browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "different"})
    assert Suspicion.objects.get().state == "different" and Company.objects.count() == 2
    browser.post("/duplicates/taking-back")
    browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "family"})
    assert (Company.objects.count(), Contact.objects.count()) == (1, 2)


def test_two_deals_of_one_need(pair, office, as_person):
    facts = {"by": BY, "funnel": office.funnel, "company": pair[0].company, "responsible": office.cast.owner}
    one, other = (create_deal(title=title, **facts) for title in ("Квест", "Квест на день рождения"))
    asked = suspicion("deal", one.pk, other.pk)
    browser = as_person(office.cast.owner)
    page = browser.get("/duplicates?kind=deal").content.decode()
    assert f"№{one.pk}" in page and "Квест на день рождения" in page
    browser.post(f"/duplicates/{asked.pk}/answer", {"answer": "one", "title": "other"})
    assert Deal.objects.get().title == "Квест на день рождения"
    led = browser.get(f"/deals/{other.pk}")
    assert (led.status_code, led["Location"], led["Cache-Control"]) == (301, f"/deals/{one.pk}", "no-store")
    card = browser.get(f"/deals/{one.pk}").content.decode()
    assert f"/deals/{one.pk}/merges/" in card and f"№{other.pk}" in card
    browser.post("/duplicates/taking-back")
    assert Deal.objects.count() == 2


def test_a_stranger_sees_no_pair_and_only_heads_search(pair, office, as_person):
    asked = suspicion("person", pair[0].pk, pair[1].pk)
    stranger = as_person(office.cast.stranger)
    assert "Ира ↔" not in stranger.get("/duplicates").content.decode()
    assert stranger.post(f"/duplicates/{asked.pk}/answer", {"answer": "one"}).status_code == 404
    assert stranger.post("/duplicates/searches", {"whole": "1"}).status_code == 404
    head = as_person(office.cast.head)
    office.cast.head.role.may = [*office.cast.head.role.may, "manage_process"]
    office.cast.head.role.save()
    head.post("/duplicates/setting", {"automatic": "strict"})
    assert Matching.objects.get().automatic == "strict"
    assert head.post("/duplicates/searches", {"whole": "1"}).status_code == 302
    assert Scan.objects.get().state == "queued"
    assert "Идёт поиск" in head.get("/duplicates/progress").content.decode()
