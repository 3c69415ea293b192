"""Messages of rules that wait for people: seen through the gate, sent after all or dropped, one by one and many."""

import re

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from voronka.clients.models import Identity
from voronka.kernel import actor
from voronka.messages import actions
from voronka.messages.actions import Whom
from voronka.messages.channels.memory import Memory
from voronka.messages.models import Message

CHANNELS = {"sms": "voronka.messages.channels.memory.Memory"}
QUERIES = 12


@pytest.fixture
def hold(office, monkeypatch):
    """A rule's message about a deal, held though SMS would reach the client."""
    monkeypatch.setattr("voronka.wiring.CHANNELS", CHANNELS)
    Memory.sent.clear()

    def make(deal, rule="confirm", text="Ждём вас завтра", why="Поздно"):
        whom = Whom(company=deal.company, contact=deal.contact, deal_id=deal.pk, audience=deal.audience)
        with transaction.atomic():
            return actions.write(whom, by=actor.system("t").by_rule(rule), text=text, channels=["sms"], hold=why)

    return make


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_the_head_sees_why_each_waits_and_decides(office, as_person, hold, django_assert_max_num_queries):
    deal = office.deal("Ирина Соколова")
    first, second = hold(deal), hold(office.deal("Олег Круглов"), text="Поздравляем")
    head = as_person(office.cast.head)
    head.get("/messages")
    with django_assert_max_num_queries(QUERIES):
        page = head.get("/messages").text
    assert re.search(r'id="count-messages"[^>]*><span class="v-count">2<', page)
    for said in ("Ирина Соколова", f"№{deal.pk}", "Ждём вас завтра", "Поздно", "Поздравляем"):
        assert said in page
    head.post("/messages/acts", {"do": "send", "message": first.pk})
    assert ProcrastinateJob.objects.get(task_name="messages.send").args == {"message": first.pk}
    head.post("/messages/acts", {"do": "drop", "message": second.pk})
    assert states() == ["queued", "dropped"]
    assert "Ничто не ждёт" in head.get("/messages").text


def test_many_are_settled_by_filter_and_what_can_not_go_is_told(office, as_person, hold):
    irina, oleg = office.deal("Ирина Соколова"), office.deal("Олег Круглов")
    for deal in (irina, oleg, irina):
        hold(deal, rule="day-without-booking")
    hold(irina, rule="confirm")
    Identity.objects.filter(contact__company=oleg.company).delete()
    head = as_person(office.cast.head)
    assert "Прозвон накануне" in head.get("/messages").text or "confirm" in head.get("/messages").text
    narrowed = {"state": "held", "rule": "day-without-booking"}
    assert head.get("/messages", narrowed).text.count('id="held-') == 3 + 2
    answer = head.post("/messages/acts", {"do": "send", "all": "1", **narrowed}, headers={"HX-Request": "true"})
    assert states() == ["queued", "held", "queued", "held"]
    assert "HX-Redirect" in answer.headers
    told = answer.headers["HX-Trigger"].encode().decode("unicode-escape")
    assert "Отправляются 2 сообщения" in told and "(1)" in told


def test_only_those_with_the_right_decide_and_only_on_clients_they_see(office, as_person, hold):
    message = hold(office.deal("Ирина Соколова"))
    owner = as_person(office.cast.owner)
    assert owner.get("/messages").status_code == 403
    assert owner.post("/messages/acts", {"do": "drop", "message": message.pk}).status_code == 403
    role = office.cast.stranger.role
    role.may = [*role.may, "release_messages"]
    role.save()
    stranger = as_person(office.cast.stranger)
    assert "Ирина" not in stranger.get("/messages").text
    stranger.post("/messages/acts", {"do": "drop", "message": message.pk})
    assert states() == ["held"]
