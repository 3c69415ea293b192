"""Timers fire exactly once: over repeats, outages, clock jumps and several workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from voronka.deals.actions import take_deal
from voronka.kernel import clock as kernel_clock
from voronka.kernel.models import Event
from voronka.notices.models import Notice
from voronka.process import ticker
from voronka.process.models import Firing
from voronka.process.steps import Notify
from voronka.staff.actions import plan_shift

pytestmark = pytest.mark.django_db


def turns() -> list[int]:
    return list(Firing.objects.filter(rule="inquiry-call").order_by("turn").values_list("turn", flat=True))


def told(person) -> int:
    return Event.objects.filter(kind="notice.made", audience__contains=[f"p:{person.pk}"]).count()


def test_nobody_is_called_before_the_limit_and_again_every_five_minutes_until_taken(inquiry, quests, clock):
    deal = inquiry()
    clock.advance(minutes=4, seconds=59)
    ticker.tick()
    assert turns() == []
    clock.advance(seconds=1)
    ticker.tick()
    assert turns() == [1]
    for _ in range(3):
        ticker.tick()
    assert turns() == [1]
    clock.advance(minutes=5)
    ticker.tick()
    assert (turns(), told(quests.owner)) == ([1, 2], 2)
    take_deal(deal.pk, by=quests.owner.actor)
    clock.advance(minutes=5)
    ticker.tick()
    assert (turns(), told(quests.owner)) == ([1, 2], 2)


def test_all_managers_on_shift_of_the_brand_and_the_head_are_told_and_nobody_else(inquiry, quests, clock):
    now = kernel_clock.now()
    by = quests.director.actor
    plan_shift(quests.partner, by=by, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=9))
    plan_shift(quests.colleague, by=by, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9))
    deal = inquiry()
    clock.advance(minutes=5)
    ticker.tick()
    notices = Notice.objects.all()
    assert {notice.person for notice in notices} == {quests.owner, quests.colleague, quests.head}
    assert all(notice.urgent and notice.url == f"/deals/{deal.pk}" for notice in notices)
    assert notices[0].title == "Ирина Соколова ждёт ответа 5 минут"


def test_an_outage_is_caught_up_with_one_firing_not_a_burst(inquiry, quests, clock):
    inquiry()
    clock.advance(hours=2)
    ticker.tick()
    ticker.tick()
    assert (turns(), told(quests.owner)) == ([24], 1)
    clock.advance(minutes=5)
    ticker.tick()
    assert turns() == [24, 25]


def test_a_clock_that_jumps_back_doubles_nothing(inquiry, quests, clock):
    inquiry()
    start = clock.now()
    clock.advance(minutes=20)
    ticker.tick()
    assert turns() == [4]
    clock.set(start - timedelta(days=30))
    ticker.tick()
    clock.set(start + timedelta(minutes=11))
    ticker.tick()
    assert turns() == [4]
    clock.set(start + timedelta(minutes=25))
    ticker.tick()
    assert turns() == [4, 5]


def test_a_timer_whose_rule_fails_is_set_aside_and_the_others_go_on(inquiry, quests, clock, monkeypatch):
    inquiry()
    inquiry("Пётр Ильин")

    def fails(self, work):
        raise ZeroDivisionError

    monkeypatch.setattr(Notify, "run", fails)
    clock.advance(minutes=5)
    ticker.tick()
    clock.advance(minutes=5)
    assert ticker.tick() == 0
    assert Event.objects.filter(kind="rule.broken").count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_fire_each_turn_once(inquiry, quests, clock):
    for number in range(5):
        inquiry(f"Клиент {number}")
    now = clock.now() + timedelta(minutes=5)
    start = Barrier(4)

    def worker() -> None:
        start.wait()
        for _ in range(3):
            ticker.tick(now)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(worker) for _ in range(4)]:
            done.result()
    assert Firing.objects.filter(rule="inquiry-call", turn=1).count() == 5
    assert Firing.objects.count() == 5
    assert told(quests.owner) == 5
