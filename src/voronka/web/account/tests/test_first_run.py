import threading

import pytest
from django.db import connection
from django.test import Client

from voronka.deals.models import Funnel
from voronka.kernel.models import Installation
from voronka.presets import founding
from voronka.process.models import Version
from voronka.staff.models import Person

FACTS = {
    "company_name": "Час Икс",
    "preset": "quests",
    "time_zone": "Asia/Yekaterinburg",
    "name": "Ирина Соболева",
    "email": "irina@chas-iks.example",
    "password": "tihaya-gavan-12",
}


def test_it_founds_the_company_and_signs_its_director_in(db, client):
    assert client.get("/first-run").status_code == 200
    answer = client.post("/first-run", FACTS)
    assert (answer.status_code, answer["Location"]) == (302, "/day")
    director = Person.objects.get()
    assert director.role.sees == "all"
    assert director.may("manage_people")
    assert director.time_zone == "Asia/Yekaterinburg"
    assert Installation.objects.get().company_name == "Час Икс"
    assert Version.objects.filter(is_active=True).count() == 1
    assert Funnel.objects.filter(key="first").exists()
    assert client.get("/profile").status_code == 200


def test_it_is_closed_for_ever_afterwards(db, client):
    client.post("/first-run", FACTS)
    stranger = Client()
    assert stranger.get("/first-run").status_code == 404
    assert stranger.post("/first-run", {**FACTS, "email": "evil@evil.example"}).status_code == 404
    assert client.get("/first-run").status_code == 404
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company_name": " "}, "company_name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": ""}, "name"),
        ({"email": "irina"}, "email"),
        ({"password": "12345678"}, "password"),
        ({"password": ""}, "password"),
    ],
)
def test_a_mistake_makes_nothing_and_loses_nothing(db, client, wrong, field):
    answer = client.post("/first-run", {**FACTS, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id-{field}-err"' in page
    assert FACTS["company_name"] in page or field == "company_name"
    assert not Installation.objects.exists()
    assert not Person.objects.exists()
    assert not Funnel.objects.exists()


def test_an_unknown_preset_is_refused(db, client):
    assert client.post("/first-run", {**FACTS, "preset": "../../etc/passwd"}).status_code == 422
    assert not Installation.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(db, client, monkeypatch):
    monkeypatch.setattr(founding, "hire_person", lambda **_facts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post("/first-run", FACTS)
    assert not Installation.objects.exists()
    assert not Version.objects.exists()


def test_with_a_setup_code_only_who_knows_it_founds_the_company(db, client, monkeypatch):
    monkeypatch.setenv("VORONKA_SETUP_TOKEN", "k7-code")
    assert client.post("/first-run", FACTS).status_code == 422
    assert client.post("/first-run", {**FACTS, "token": "wrong"}).status_code == 422
    assert not Installation.objects.exists()
    assert 'value="k7-code"' in client.get("/first-run?token=k7-code").content.decode()
    assert client.post("/first-run", {**FACTS, "token": "k7-code"}).status_code == 302


def test_the_preset_of_the_command_line_is_chosen_already(db, client, monkeypatch):
    monkeypatch.setenv("VORONKA_PRESET", "empty")
    page = client.get("/first-run").content.decode()
    assert 'value="empty" checked' in page


@pytest.mark.django_db(transaction=True)
def test_of_two_founders_at_once_one_wins():
    gate = threading.Barrier(2)
    statuses = []

    def found(number: int) -> None:
        browser = Client(raise_request_exception=False)
        gate.wait()
        answer = browser.post("/first-run", {**FACTS, "email": f"founder{number}@voronka.example"})
        statuses.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=found, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 404]
    assert Person.objects.count() == 1
    assert Version.objects.count() == 1
