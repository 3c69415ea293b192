"""One client of two over the API, where the old id leads, and two again."""

from decimal import Decimal

import pytest

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal
from voronka.kernel import actor
from voronka.kernel.models import Event


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


def test_two_deals_of_one_need_become_one_and_the_old_number_leads_to_it(mine, program, office, clock):
    by, owner = actor.system("test"), office.cast.owner
    company = register_client(by=by, name="Ирина").company
    facts = {"by": by, "funnel": office.funnel, "company": company, "responsible": owner}
    one, other = (
        create_deal(title=title, amount=Decimal(amount), **facts) for title, amount in (("", 0), ("Квест", 5))
    )
    mine.ask("post", f"/deals/{other.pk}/notes", {"text": "перезвонить"})
    assert program(office.cast.stranger).ask("post", f"/deals/{one.pk}/merges", {"other": other.pk}).status_code == 404
    assert mine.ask("post", f"/deals/{one.pk}/merges", {"other": one.pk}).status_code == 409
    made = mine.ask("post", f"/deals/{one.pk}/merges", {"other": other.pk})
    assert made.status_code == 201, made.content
    led = mine.get(f"/deals/{other.pk}")
    assert (led.status_code, led["Location"]) == (301, f"/api/v1/deals/{one.pk}")
    whole = mine.get(f"/deals/{one.pk}").json()
    assert (whole["title"], Decimal(whole["amount"])) == ("Квест", 5)
    clock.advance(minutes=1)
    told = [event["kind"] for event in mine.get(f"/events?deal={one.pk}").json()["items"]]
    assert {"note.added", "deal.merged"} <= set(told), "both histories are one"
    assert Event.objects.get(kind="deal.joined").deal_id == other.pk, "boards hear of the tile that goes"
    assert mine.ask("delete", f"/deals/{one.pk}/merges/{made.json()['id']}").status_code == 204
    assert sorted(Deal.objects.values_list("pk", "title")) == [(one.pk, ""), (other.pk, "Квест")]
    assert mine.get(f"/deals/{other.pk}").json()["id"] == other.pk
