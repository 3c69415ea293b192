"""Outgoing webhooks against a stand-in receiver: signed, in order, patient, and safe to point anywhere."""

import socket

import pytest
from django.db import transaction

from voronka.deals.actions import add_note, change_deal
from voronka.hooks.actions import change_hook, make_hook, replay, start_hook, stop_hook
from voronka.hooks.addresses import Unfit, target_of
from voronka.hooks.kinds import KINDS
from voronka.hooks.models import Delivery, Hook
from voronka.hooks.rules import DEAD_AFTER, WAITS, wait_after
from voronka.hooks.sender import LEASE, claim, deliver
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event
from voronka.notices.models import Notice
from voronka.testing.receiver import Receiver


@pytest.fixture
def receiver(monkeypatch):
    with Receiver() as receiver:
        monkeypatch.setenv("VORONKA_HOOK_HOSTS", receiver.origin)
        yield receiver


@pytest.fixture
def boss(office):
    return office.cast.director


@pytest.fixture
def deal(office):
    return office.deal(by=office.cast.owner)


@pytest.fixture
def hook(boss, receiver, deal):
    made, secret = make_hook(boss, by=boss.actor, title="Склад", url=receiver.url, kinds=list(KINDS))
    made.secret = secret
    return made


def send() -> int:
    """What one turn of the sender does."""
    claimed = claim()
    for one in claimed:
        deliver(one)
    return len(claimed)


def send_all() -> None:
    while send():
        continue


def note(deal, text: str) -> None:
    add_note(deal.pk, by=deal.responsible.actor, text=text)


def test_an_event_is_told_signed(hook, deal, receiver):
    note(deal, "Ждут торт")
    send_all()
    told = receiver.told[-1]
    assert (told.body["kind"], told.body["deal"], told.body["data"]["text"]) == ("note.added", deal.pk, "Ждут торт")
    assert told.headers["Voronka-Event"] == "note.added"
    assert told.headers["Voronka-Delivery"] == str(told.body["delivery"])
    assert told.is_signed_with(hook.secret)
    assert not told.is_signed_with(hook.secret + "x")
    assert Delivery.objects.get().state == "delivered"


def test_what_is_rolled_back_is_not_told(hook, deal, receiver):
    with pytest.raises(RuntimeError), transaction.atomic():
        note(deal, "Передумали")
        raise RuntimeError
    send_all()
    assert receiver.told == []


def test_only_chosen_kinds_while_it_is_on(hook, deal, boss, receiver):
    change_hook(hook.pk, by=boss.actor, title="Склад", url=receiver.url, kinds=["deal.changed"])
    note(deal, "Не об этом")
    change_deal(deal.pk, by=boss.actor, values={"title": "Об этом"})
    stop_hook(hook.pk, by=boss.actor)
    change_deal(deal.pk, by=boss.actor, values={"title": "Уже не об этом"})
    assert send() == 0
    start_hook(hook.pk, by=boss.actor)
    send_all()
    assert [told.body["data"]["changes"]["title"][1] for told in receiver.told] == ["Об этом"]


def test_it_is_told_what_its_person_sees(deal, office, receiver, boss):
    stranger = office.cast.stranger
    stranger.role.may.append("manage_sources")
    stranger.role.save()
    make_hook(stranger, by=stranger.actor, title="Чужой", url=receiver.url, kinds=["note.added"])
    note(deal, "Не для чужих")
    send_all()
    assert receiver.told == []
    assert not Delivery.objects.exists()


def test_when_its_person_leaves_it_is_off(hook, deal, office, boss, receiver):
    office.cast.head.role.may.append("manage_sources")
    office.cast.head.role.save()
    boss.is_active = False
    boss.save()
    note(deal, "1")
    note(office.deal("Пётр Лунин", by=office.cast.owner), "2")
    send()
    hook.refresh_from_db()
    assert boss.name in hook.stopped_why
    assert Event.objects.filter(kind="hook.stopped").count() == 1
    assert Notice.objects.get(kind="alarm").person == office.cast.head
    assert receiver.told == []


def test_of_one_deal_in_order_others_pass(hook, deal, office, receiver, clock):
    clock.set(deal.created_at)
    other = office.deal("Пётр Лунин", by=office.cast.owner)
    send_all()
    receiver.told.clear()
    note(deal, "1")
    note(deal, "2")
    note(other, "а")
    receiver.script = [500]
    send_all()
    assert [told.body["data"]["text"] for told in receiver.told] == ["1", "а"]
    send_all()
    assert len(receiver.told) == 2
    clock.advance(seconds=WAITS[0].total_seconds())
    send_all()
    assert [told.body["data"]["text"] for told in receiver.told] == ["1", "а", "1", "2"]


def test_a_redirect_is_a_failure(hook, deal, receiver):
    receiver.script = [302]
    note(deal, "Сюда")
    send()
    assert len(receiver.told) == 1
    assert Delivery.objects.values_list("state", "status").get() == ("waiting", 302)


def test_a_worker_that_died_on_the_way_leaves_it_to_be_sent_again(hook, deal, receiver, clock):
    clock.set(deal.created_at)
    note(deal, "Дважды лучше, чем ни разу")
    assert len(claim()) == 1
    assert send() == 0
    clock.advance(seconds=LEASE.total_seconds())
    assert send() == 1
    assert len(receiver.told) == 1


def test_a_dead_address_is_switched_off_with_an_alarm(hook, deal, boss, receiver, clock):
    clock.set(deal.created_at)
    receiver.script = [503] * 100
    note(deal, "Кто-нибудь?")
    for _try in range(len(WAITS) + 1):
        send_all()
        hook.refresh_from_db()
        if hook.stopped_at is None:
            clock.set(max(Delivery.objects.get().next_at, hook.rests_until))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("failed", len(WAITS) + 1)
    assert "503 ok" in hook.stopped_why
    assert Notice.objects.filter(person=boss, kind="alarm", urgent=True).count() == 1
    with pytest.raises(Refusal):
        replay(delivery.pk, by=boss.actor)
    start_hook(hook.pk, by=boss.actor)
    receiver.script = []
    replay(delivery.pk, by=boss.actor)
    send_all()
    assert receiver.told[-1].body["data"]["text"] == "Кто-нибудь?"
    assert Delivery.objects.get().state == "delivered"


def test_one_bad_event_does_not_end_a_living_address(hook, deal, office, receiver, clock):
    clock.set(deal.created_at)
    other = office.deal("Пётр Лунин", by=office.cast.owner)
    send_all()
    note(deal, "Ломает их")
    send_to_this = Delivery.objects.get(state="waiting")
    for _try in range(len(WAITS) + 1):
        receiver.script = [500]
        send()
        send_to_this.refresh_from_db()
        note(other, "А это проходит")
        receiver.script = []
        clock.advance(seconds=max(60, (send_to_this.next_at - clock.now()).total_seconds()))
    assert send_to_this.state == "failed"
    assert Hook.objects.get().stopped_at is None


def test_the_tries_take_three_days():
    assert 2.8 < DEAD_AFTER.total_seconds() / 86400 <= 3
    assert list(WAITS) == sorted(WAITS)
    assert wait_after(len(WAITS) + 1) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.7",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.7]",
        "[64:ff9b::a00:7]",
        "0.0.0.0",
        "2130706433",
    ],
)
def test_addresses_inside_are_refused(host):
    with pytest.raises(Unfit):
        target_of(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com",
        "https://a:b@example.com/",
        "https:///x",
        "https://пример.рф",
        "https://e.com/\n",
    ],
)
def test_what_is_no_address_is_refused(url, boss):
    with pytest.raises(FieldErrors) as refused:
        make_hook(boss, by=boss.actor, title="x", url=url, kinds=["deal.moved"])
    assert set(refused.value.errors) == {"url"}


def test_a_name_that_leads_inside_by_now_is_not_called(hook, deal, receiver, monkeypatch):
    """The name was fine when it was written; since then its owner has pointed it at a machine of ours."""
    monkeypatch.setenv("VORONKA_HOOK_HOSTS", "")
    Hook.objects.update(url="https://hooks.example.com/x")
    inside = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: inside)
    note(deal, "Внутрь нельзя")
    send()
    assert Delivery.objects.get().answer == "refused: an address inside"


def test_only_who_connects_systems_makes_hooks(office, receiver):
    manager = office.cast.owner
    with pytest.raises(Refusal):
        make_hook(manager, by=manager.actor, title="x", url=receiver.url, kinds=["deal.moved"])
