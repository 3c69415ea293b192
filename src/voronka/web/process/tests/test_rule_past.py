"""What rules have done, as people see it: beside the form of a rule, on the card, and what other systems sent."""

import json
import re

import pytest

from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process import jobs, queries
from voronka.process.actions import activate
from voronka.process.models import BrokenRule, Knock, Trace
from voronka.tasks.models import Task

RULES = """
  - key: from-shop
    title: Заказ из магазина
    when: {event: webhook, deal: order.deal, fields: {players: order.players}}
    then:
      - {do: create_task, kind: call, title: "Позвонить: {players}", due: 1 hour, for: responsible}
"""


@pytest.fixture
def head(office, as_person):
    activate(catalogue.text("quests").replace("\nrules:", f"\nrules:{RULES}", 1), by=actor.system("test"))
    return as_person(office.cast.director)


def told(run) -> list[int]:
    """Numbers of the deals in an answer."""
    return [int(number) for number in re.findall(r'href="/deals/(\d+)"', run)]


def test_a_rule_shows_how_often_it_ran_on_which_deals_and_is_switched_on_again(office, head, as_person):
    ours = office.deal("Ирина Соколова")
    page = head.get("/process/rules/contact").text
    assert "срабатывание за 30 дней" in page
    assert ours.pk in told(page)
    trace = Trace.objects.get(rule="contact", deal=ours)
    Trace.objects.create(
        rule="contact", deal=ours, company=ours.company, due_at=trace.at, at=trace.at, outcome="refused", reason="Рано"
    )
    refused = head.get("/process/rules/contact/runs", {"outcome": "refused"}).text
    assert "Рано" in refused and told(refused).count(ours.pk) == 1
    assert head.get("/process/rules/contact/runs", {"before": "вчера"}).status_code == 404
    role = office.cast.stranger.role
    role.may = [*role.may, "see_process"]
    role.save()
    assert told(as_person(office.cast.stranger).get("/process/rules/contact/runs").text) == []
    BrokenRule.objects.create(rule="contact", error="ValueError: нет поля", broken_at=trace.at)
    assert "ValueError: нет поля" in head.get("/process/rules/contact").text
    head.post("/process/rules/contact/mending")
    assert not BrokenRule.objects.exists()
    assert "contact" not in queries.in_force().aside


def test_the_card_tells_which_rule_did_what_and_on_what_facts(office, head, as_person):
    deal = office.deal("Ирина Соколова")
    owner = as_person(office.cast.owner)
    assert f'hx-get="/deals/{deal.pk}/ran"' in owner.get(f"/deals/{deal.pk}/right").text
    card = owner.get(f"/deals/{deal.pk}/ran").text
    assert "Что сделано и почему" in card
    assert "Связаться и подобрать игру" in card
    assert "/process/rules/" not in card, "a manager does not see the process"
    runs = owner.get(f"/deals/{deal.pk}/runs").text
    assert re.search(r"Повод: .*Мария Тен", runs)
    assert "/process/rules/contact" in head.get(f"/deals/{deal.pk}/runs").text
    assert as_person(office.cast.stranger).get(f"/deals/{deal.pk}/runs").status_code == 404


def test_another_system_calls_the_address_that_was_shown_once(office, head, client):
    deal = office.deal("Ирина Соколова")
    assert "Сделать адрес" in head.get("/process/rules/from-shop").text
    shown = head.post("/process/rules/from-shop/address").text
    (address,) = set(re.findall(r"http://testserver(/hooks/rules/[\w-]+)", shown))
    assert address not in head.get("/process/rules/from-shop").text

    def call(body) -> None:
        answer = client.post(address, json.dumps(body), content_type="application/json")
        jobs.open_to(knock=answer.json()["accepted"])

    call({"order": {"deal": deal.pk, "players": 9}})
    assert Task.objects.filter(deal=deal, title="Позвонить: 9").exists()
    call({"order": {"deal": 999_999_999}})
    page = head.get("/process/rules/from-shop").text
    assert "По присланному сделка не нашлась" in page and deal.pk in told(page)
    lost = Knock.objects.get(deal_id=None)
    assert "999999999" in head.get("/process/rules/from-shop/calls").text
    head.post(f"/process/rules/from-shop/calls/{lost.pk}/repetition")
    assert Knock.objects.get(pk=lost.pk).done_at is None
    head.post("/process/rules/from-shop/address")
    assert client.post(address, "{}", content_type="application/json").status_code == 404
