"""Inquiries of the quests company, as sites send them: who is called, who takes, who sees (IN-2, IN-3, IN-5)."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from voronka.deals.actions import AlreadyTaken, assign_deal, move_deal, take_deal
from voronka.deals.models import Deal
from voronka.kernel.models import Event
from voronka.notices.models import Notice
from voronka.process import ticker
from voronka.process.outlook import what_next
from voronka.tasks.models import Task

from .conftest import form
from .steps import stage, tasks


@pytest.fixture
def ask(source, deliver, drain):
    """`ask()`: a guest writes on the site; the deal that comes of it."""
    site = source("tilda", title="Сайт")

    def asked(name="Ирина", phone="+7 921 338-40-17", tranid="1:1", **fields) -> Deal:
        deliver(form(site, {"Name": name, "Phone": phone, "tranid": tranid, **fields}))
        (entry,) = drain()
        return entry.deal

    return asked


def told(person) -> int:
    return Event.objects.filter(kind="notice.made", audience__contains=[f"p:{person.pk}"]).count()


def test_an_unanswered_inquiry_calls_all_on_shift_and_the_head_every_five_minutes_until_taken(ask, quests, clock):
    deal = ask()
    assert tasks(deal) == ["Обработать заявку"]
    for minute, calls in ((4.9, 0), (0.2, 1), (4.8, 1), (0.2, 2), (5, 3)):
        clock.advance(minutes=minute)
        ticker.tick()
        assert [told(person) for person in (quests.owner, quests.colleague, quests.head)] == [calls] * 3
    assert told(quests.stranger) == told(quests.administrator) == 0
    assert Notice.objects.filter(person=quests.head, read_at=None).get().urgent
    assert what_next(deal)[0].at == deal.created_at + timedelta(minutes=20)

    take_deal(deal.pk, by=quests.colleague.actor)
    clock.advance(minutes=30)
    ticker.tick()
    assert told(quests.head) == 3


def test_whoever_takes_first_owns_and_the_other_is_told_who(ask, quests):
    deal, outcomes, start = ask(), {}, threading.Barrier(2)

    def click(person) -> None:
        start.wait()
        try:
            take_deal(deal.pk, by=person.actor)
            outcomes[person] = "mine"
        except AlreadyTaken as late:
            outcomes[person] = late.owner
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=[person]) for person in (quests.owner, quests.colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(person for person, outcome in outcomes.items() if outcome == "mine")
    (loser,) = {quests.owner, quests.colleague} - {winner}
    assert outcomes[loser] == winner

    deal.refresh_from_db()
    assert (deal.responsible, deal.stage.title) == (winner, "Взято в работу")
    assert tasks(deal) == ["Связаться и подобрать игру"]
    assert Task.objects.get(deal=deal, rule="inquiry-task").result == "Взято в работу"


def test_untaken_is_seen_by_the_managers_taken_by_the_account_and_its_head(ask, quests):
    deal = ask()

    def seers() -> set:
        return {person for person in quests.everybody if Deal.objects.visible_to(person).filter(pk=deal.pk).exists()}

    assert seers() == {quests.owner, quests.partner, quests.colleague, quests.head, quests.director}
    take_deal(deal.pk, by=quests.owner.actor)
    assert seers() == {quests.owner, quests.partner, quests.head, quests.director}


def test_the_head_may_give_an_inquiry_to_somebody_and_it_leaves_the_queue(ask, quests, clock):
    deal = ask()
    assign_deal(deal.pk, by=quests.head.actor, to=quests.colleague)
    deal.refresh_from_db()
    assert (deal.responsible, deal.stage.key) == (quests.colleague, "taken")
    assert tasks(deal) == ["Связаться и подобрать игру"]
    clock.advance(minutes=5)
    ticker.tick()
    assert told(quests.head) == 0


def test_a_client_who_asks_again_is_answered_by_whoever_leads_the_deal(ask, quests):
    deal = ask()
    take_deal(deal.pk, by=quests.owner.actor)
    assert ask(tranid="1:2", Comment="Можно нас будет восемь?") == deal
    again = Task.objects.get(deal=deal, rule="again")
    assert (again.title, again.responsible) == ("Ответить: Ирина пишет снова", quests.owner)
    assert Notice.objects.get(person=quests.owner).title == "Ирина пишет снова"
    ask(tranid="1:3", Comment="Ау")
    assert Task.objects.filter(deal=deal, rule="again").count() == 1


def test_a_guest_who_has_played_comes_to_repeat_sales(ask, quests):
    deal = ask()
    take_deal(deal.pk, by=quests.owner.actor)
    booking = {"game_date": "28.11.2026", "game_time": "18:00", "programme": "dom-na-moyke"}
    for key in ("picked", "booked", "call1", "played", "reviewed"):
        values = {**booking, "location": quests.location.pk} if key == "booked" else None
        move_deal(deal.pk, by=quests.director.actor, to=stage(deal, key), values=values)
    again = ask(tranid="1:2")
    assert (again.funnel.title, again.stage.title, again.is_repeat) == ("Повторные продажи", "Неразобранное", True)
    assert tasks(again) == ["Обработать заявку"]
