"""From the card: a head says yes or no to a move, anybody presses the buttons of the process."""

import pytest

from voronka.clients.actions import register_client
from voronka.deals.actions import create_deal
from voronka.deals.models import Approval, Funnel, Stage
from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db

RULES = """
rules:
  - key: recall
    title: Перезвонить
    when: {event: button, label: Перезвонить завтра}
    then:
      - {do: create_task, kind: call, title: Перезвонить, due: 1 day, for: responsible}
"""


@pytest.fixture
def deal(cast):
    text = catalogue.text("quests")
    text = text.replace("        title: Подобрали игру\n", "        title: Подобрали игру\n        approval: head\n")
    activate(text[: text.index("\nrules:")] + RULES, by=actor.system("test"))
    contact = register_client(by=actor.client("форма"), name="Ирина Соколова")
    funnel = Funnel.objects.get(key="first")
    return create_deal(
        by=cast.director.actor, funnel=funnel, company=contact.company, contact=contact, responsible=cast.owner,
        brand=cast.brand,
    )  # fmt: skip


def test_a_move_waits_for_the_head_who_answers_in_the_card(deal, cast, client):
    picked = Stage.objects.get(funnel=deal.funnel, key="picked")
    client.force_login(cast.owner)
    assert client.post(f"/deals/{deal.pk}/stage", {"stage": picked.pk}).status_code == 200
    deal.refresh_from_db()
    assert deal.stage.key == "taken"
    approval = Approval.objects.get(deal=deal)
    where = f"/deals/{deal.pk}/approvals/{approval.pk}"
    shown = client.get(f"/deals/{deal.pk}/right").content.decode()
    assert "Ждёт согласования" in shown and where not in shown
    assert client.post(where, {"answer": "yes"}).status_code == 409
    client.force_login(cast.head)
    assert where in client.get(f"/deals/{deal.pk}/right").content.decode()
    assert client.post(where, {"answer": "yes"}).status_code == 204
    deal.refresh_from_db()
    assert deal.stage == picked


def test_a_button_sets_its_rule_off(deal, cast, client):
    client.force_login(cast.owner)
    assert "Перезвонить завтра" in client.get(f"/deals/{deal.pk}/right").content.decode()
    assert client.post(f"/deals/{deal.pk}/buttons/recall").status_code == 204
    assert Task.objects.filter(deal=deal, rule="recall").exists()
    assert client.post(f"/deals/{deal.pk}/buttons/other").status_code == 409
