"""A message reaches its client by the first way there is, once; what can't or shouldn't go waits for people."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from voronka.clients.actions import register_client
from voronka.kernel import actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.messages import actions, jobs, queries
from voronka.messages.actions import Whom
from voronka.messages.channels.memory import Memory
from voronka.messages.models import Message
from voronka.messages.ports import NotSent

pytestmark = pytest.mark.django_db

RULE = actor.system("timer").by_rule("remind")
CHANNELS = {"email": "voronka.messages.channels.email.Email", "sms": "voronka.messages.channels.memory.Memory"}


@pytest.fixture(autouse=True)
def line(monkeypatch):
    """SMS that only remembers."""
    monkeypatch.setattr("voronka.wiring.CHANNELS", CHANNELS)
    Memory.sent.clear()
    Memory.failures.clear()
    return Memory


@pytest.fixture
def irina(cast):
    known = [("phone", "+79213840617"), ("email", "irina@example.ru")]
    return register_client(by=actor.client("форма"), name="Ирина Соколова", identities=known)


def write(contact, **given) -> Message:
    with transaction.atomic():
        return actions.write(
            Whom(company=contact.company, contact=contact),
            by=RULE,
            text="Ждём вас завтра",
            **{"channels": ["sms"], **given},
        )


def queued() -> list[int]:
    return [job.args["message"] for job in ProcrastinateJob.objects.filter(task_name="messages.send").order_by("id")]


def test_it_goes_once_and_the_history_says_so(irina, line):
    message = write(irina)
    assert queued() == [message.pk]
    jobs.send(message=message.pk)
    jobs.send(message=message.pk)
    assert [(one.id, one.address, one.text) for one in line.sent] == [(message.pk, "+79213840617", "Ждём вас завтра")]
    event = Event.objects.get(kind="message.sent", company_id=irina.company_id)
    assert (event.why, event.data["channel"]) == ("remind", "sms")


def test_the_client_s_last_channel_comes_first_and_others_stand_in(irina, settings):
    settings.EMAIL_URL = "smtp://localhost"
    assert write(irina, channels=["last", "sms"]).channel == "sms"
    with transaction.atomic():
        refs = Refs(company=irina.company_id)
        record("message.received", refs, by=actor.client("email"), data={"channel": "email", "text": "Здравствуйте"})
    assert write(irina, channels=["last", "sms"]).channel == "email"
    settings.EMAIL_URL = ""
    assert write(irina, channels=["last", "sms"]).channel == "sms"


def test_whom_nothing_reaches_is_held_until_a_way_is_found(irina, cast, line):
    message = write(irina, channels=["email"])
    assert (message.state, queued()) == ("held", [])
    assert list(queries.waiting(cast.director)) == [message]
    actions.release(message.pk, by=cast.director.actor)
    jobs.send(message=message.pk)
    assert len(line.sent) == 1
    with pytest.raises(Refusal):
        actions.drop(message.pk, by=cast.director.actor)


def test_what_came_too_late_is_held_and_can_be_dropped(irina, cast, line):
    message = write(irina, hold="Момент прошёл 3 дня назад")
    actions.drop(message.pk, by=cast.director.actor)
    jobs.send(message=message.pk)
    assert (Message.objects.get().state, line.sent) == ("dropped", [])
    assert not queries.waiting(cast.director).exists()


def test_a_channel_that_is_away_is_tried_again_and_a_no_is_a_no(irina, line):
    line.failures += [NotSent("занято", permanent=False), NotSent("нет такого номера", permanent=True)]
    message = write(irina)
    jobs.send(message=message.pk)
    assert (Message.objects.get().state, queued()) == ("queued", [message.pk, message.pk])
    jobs.send(message=message.pk)
    assert (Message.objects.get().state, Message.objects.get().why) == ("failed", "нет такого номера")


def test_a_worker_killed_while_sending_does_not_send_twice(irina, line):
    message = write(irina)
    assert jobs._claim(message.pk)
    jobs.send(message=message.pk)
    assert line.sent == []
    assert Message.objects.get().state == "failed"
    assert Event.objects.filter(kind="message.failed").exists()


def test_no_transaction_no_message(irina):
    with pytest.raises(Refusal):
        actions.release(
            write(irina, channels=["email"], hold="").pk,
            by=actor.person(1, seat_id=1, reach=frozenset(), permissions=frozenset()),
        )
