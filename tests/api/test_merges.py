"""One client of two over the API, where the old id leads, and two again."""

import pytest

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.kernel import actor


@pytest.fixture
def mine(program, office):
    return program(office.cast.owner)


def test_two_clients_become_one_and_two_again(mine, program, office):
    home = [f"s:{office.cast.owner.seat_id}"]
    people = [
        register_client(by=actor.system("test"), name=name, identities=[("phone", "+79214471833")], home=home)
        for name in ("Ирина", "Ирина Соколова")
    ]
    one, other = (person.company_id for person in people)
    assert program(office.cast.stranger).ask("post", f"/clients/{one}/merges", {"other": other}).status_code == 404
    assert list(mine.ask("post", f"/clients/{one}/merges", {"other": 10**12}).json()["errors"]) == ["other"]
    made = mine.ask("post", f"/clients/{one}/merges", {"other": other})
    assert (made.status_code, made.json()["survivor"]) == (201, one)
    led = mine.get(f"/clients/{other}")
    assert (led.status_code, led["Location"]) == (301, f"/api/v1/clients/{one}")
    led = mine.get(f"/contacts/{people[1].pk}")
    assert (led.status_code, led["Location"]) == (301, f"/api/v1/contacts/{people[0].pk}")
    path = f"/clients/{one}/merges/{made.json()['id']}"
    assert program(office.cast.stranger).ask("delete", path).status_code == 404
    assert mine.ask("delete", path).status_code == 204
    assert mine.ask("delete", path).status_code == 404
    assert sorted(Company.objects.filter(pk__in=[one, other]).values_list("name", flat=True)) == [
        "Ирина",
        "Ирина Соколова",
    ]
