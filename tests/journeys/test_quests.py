"""The quests company line by line: each test replays a sentence of its process (IN-2, IN-3, IN-5, PR-5, PR-7, PR-11)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import translation

from voronka.catalogue.models import Product
from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import (
    AlreadyTaken,
    add_line,
    add_note,
    assign_deal,
    change_deal,
    create_deal,
    move_deal,
    take_deal,
)
from voronka.deals.fields import specs
from voronka.deals.models import Deal, Funnel, LossReason, Stage
from voronka.kernel.errors import MissingFields, Refusal
from voronka.kernel.models import Event
from voronka.messages.models import Message
from voronka.notices.models import Notice
from voronka.process import ticker
from voronka.process.models import Trace
from voronka.process.outlook import what_next
from voronka.process.queries import drop_hints
from voronka.staff.models import Location
from voronka.tasks.models import Task
from voronka.testing.cast import hire, role

from .conftest import SYSTEM, form


@pytest.fixture
def ask(source, deliver, drain):
    """`ask()`: a guest writes on the site; the deal that comes of it."""
    site = source("tilda", title="Сайт")

    def asked(name="Ирина", phone="+7 921 338-40-17", tranid="1:1", **fields) -> Deal:
        deliver(form(site, {"Name": name, "Phone": phone, "tranid": tranid, **fields}))
        (entry,) = drain()
        return entry.deal

    return asked


def stage(deal: Deal, key: str) -> Stage:
    return Stage.objects.get(funnel_id=deal.funnel_id, key=key)


def open_tasks(deal: Deal) -> list[str]:
    return list(Task.objects.filter(deal=deal, done_at=None).order_by("due_at").values_list("title", flat=True))


def told(person) -> int:
    return Event.objects.filter(kind="notice.made", audience__contains=[f"p:{person.pk}"]).count()


BOOKING = {"game_date": "28.11.2026", "game_time": "18:00", "programme": "dom-na-moyke"}


@pytest.fixture
def booked(ask, quests, clock):
    """A deal brought to «Бронь подтверждена» by the cast's manager, at the cast's location."""

    def made(**given) -> Deal:
        deal, me = ask(**given), quests.owner.actor
        take_deal(deal.pk, by=me)
        add_note(deal.pk, by=me, text="Аллергия на орехи")
        move_deal(deal.pk, by=me, to=stage(deal, "picked"))
        move_deal(deal.pk, by=me, to=stage(deal, "booked"), values={**BOOKING, "location": quests.location.pk})
        deal.refresh_from_db()
        return deal

    return made


# -- the inquiry -------------------------------------------------------------------------------


def test_an_unanswered_inquiry_calls_all_on_shift_and_the_head_every_five_minutes_until_taken(ask, quests, clock):
    deal = ask()
    assert open_tasks(deal) == ["Обработать заявку"]
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
    assert open_tasks(deal) == ["Связаться и подобрать игру"]
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
    assert open_tasks(deal) == ["Связаться и подобрать игру"]
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


def test_a_guest_who_has_played_comes_to_repeat_sales(booked, ask, quests):
    deal = booked()
    for key in ("call1", "played", "reviewed"):
        move_deal(deal.pk, by=quests.administrator.actor, to=stage(deal, key))
    again = ask(tranid="1:2")
    assert (again.funnel.title, again.stage.title, again.is_repeat) == ("Повторные продажи", "Неразобранное", True)
    assert open_tasks(again) == ["Обработать заявку"]


# -- the sale ----------------------------------------------------------------------------------


def test_a_day_without_a_booking_is_shown_and_escalated_to_the_head(ask, quests, clock):
    deal = ask()
    take_deal(deal.pk, by=quests.owner.actor)
    coming = what_next(Deal.objects.get(pk=deal.pk))[0]
    assert coming.at == clock.now() + timedelta(days=1)
    assert coming.rule == "day-without-booking"
    clock.advance(hours=23, minutes=59)
    ticker.tick()
    assert told(quests.head) == 0
    clock.advance(minutes=1)
    ticker.tick()
    ticker.tick()
    task = Task.objects.get(rule="day-without-booking")
    assert (task.responsible, task.title) == (quests.head, "Сутки без брони: Ирина, Взято в работу")
    assert told(quests.head) == 1


def test_a_booking_in_time_is_not_escalated(booked, quests, clock):
    booked()
    clock.advance(days=2)
    ticker.tick()
    assert not Task.objects.filter(rule="day-without-booking").exists()


def test_a_booking_needs_date_time_location_and_programme(ask, quests):
    deal, me = ask(), quests.owner.actor
    take_deal(deal.pk, by=me)
    with pytest.raises(Refusal, match="Подобрали игру"):
        move_deal(deal.pk, by=me, to=stage(deal, "booked"))
    move_deal(deal.pk, by=me, to=stage(deal, "picked"))
    with pytest.raises(MissingFields) as asked:
        move_deal(deal.pk, by=me, to=stage(deal, "booked"), values={"game_date": "28.11.2026"})
    assert asked.value.fields == ["game_time", "location", "programme"]
    with translation.override("en"):
        booked = stage(deal, "booked")
        hint = drop_hints([booked], asks={key: str(one.title) for key, one in specs().items()})[booked.pk]
    assert hint == "We will ask: дата игры, время, location, программа. Goes to: Администратор"
    deal.refresh_from_db()
    assert (deal.stage.key, deal.fields.get("game_date")) == ("picked", None)


def test_a_booking_passes_to_the_administrator_of_the_location_with_every_comment(booked, quests):
    deal = booked()
    assert deal.responsible == quests.administrator
    note = Event.objects.get(kind="note.added", deal_id=deal.pk)
    assert note.data["text"] == "Аллергия на орехи"
    assert deal.notes.visible_to(quests.administrator).exists()

    task = Task.objects.get(deal=deal, done_at=None)
    assert (task.title, task.responsible) == (
        "Прозвон: подтвердить игру, предложить торт и аниматора",
        quests.administrator,
    )
    assert task.due_at == datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # noon in Moscow, the day before the game
    done = Task.objects.filter(deal=deal).exclude(done_at=None)
    assert {task.title for task in done} == {
        "Обработать заявку",
        "Связаться и подобрать игру",
        "Подтвердить бронь",
    }


def test_the_sales_manager_keeps_reading_but_does_not_change(booked, quests):
    deal = booked()
    for person in (quests.owner, quests.partner):
        assert Deal.objects.visible_to(person).filter(pk=deal.pk).exists()
    with pytest.raises(Refusal):
        move_deal(deal.pk, by=quests.owner.actor, to=stage(deal, "call1"))
    add_note(deal.pk, by=quests.owner.actor, text="Ещё просили парковку")


def test_of_several_administrators_the_one_on_shift_gets_it(ask, quests, clock):
    from voronka.staff.actions import plan_shift

    second = hire("ruslan", "Руслан Гареев", role("administrator"), brands=[quests.brand], locations=[quests.location])
    away = clock.now() + timedelta(days=1)
    plan_shift(quests.administrator, by=quests.director.actor, starts_at=away, ends_at=away + timedelta(hours=9))
    deal, me = ask(), quests.owner.actor
    take_deal(deal.pk, by=me)
    move_deal(deal.pk, by=me, to=stage(deal, "picked"))
    move_deal(deal.pk, by=me, to=stage(deal, "booked"), values={**BOOKING, "location": quests.location.pk})
    deal.refresh_from_db()
    assert deal.responsible == second


def test_a_location_without_an_administrator_leaves_the_booking_with_the_manager_and_says_so(ask, quests):
    deal, me = ask(), quests.owner.actor
    take_deal(deal.pk, by=me)
    move_deal(deal.pk, by=me, to=stage(deal, "picked"))
    empty = Location.objects.get(key="moskovskaya")
    move_deal(deal.pk, by=me, to=stage(deal, "booked"), values={**BOOKING, "location": empty.pk})
    deal.refresh_from_db()
    assert (deal.stage.key, deal.responsible) == ("booked", quests.owner)
    assert Event.objects.get(kind="rule.refused", deal_id=deal.pk).data["title"] == "Бронь ведёт администратор"


# -- the game ----------------------------------------------------------------------------------


def test_the_upsell_adds_goods_to_the_deal_and_counts_for_the_administrator(booked, quests):
    deal = booked()
    move_deal(deal.pk, by=quests.administrator.actor, to=stage(deal, "call1"))
    before = Deal.objects.get(pk=deal.pk).amount
    cake = Product.objects.get(key="cake")
    add_line(deal.pk, by=quests.administrator.actor, product=cake)
    deal.refresh_from_db()
    assert deal.amount == before + cake.price
    added = Event.objects.get(kind="line.added", deal_id=deal.pk)
    assert (added.person_id, added.data["is_upsell"]) == (quests.administrator.pk, True)


def test_the_way_of_a_game_from_the_call_to_the_review(booked, quests, clock):
    deal, me = booked(), quests.administrator.actor
    move_deal(deal.pk, by=me, to=stage(deal, "call1"))
    game = Task.objects.get(deal=deal, done_at=None)
    assert game.title == "Встретить гостей и провести игру: Дом на Мойке"
    assert game.due_at == datetime(2026, 11, 28, 17, 0, tzinfo=UTC)  # two hours from 18:00 in Moscow
    clock.set(datetime(2026, 11, 28, 16, 40, tzinfo=UTC))
    move_deal(deal.pk, by=me, to=stage(deal, "played"))
    assert open_tasks(deal) == ["Узнать оценку и попросить отзыв"]
    clock.advance(days=2)
    ticker.tick()
    assert Notice.objects.filter(person=quests.administrator, title="Два дня без отзыва: Ирина").exists()
    move_deal(deal.pk, by=me, to=stage(deal, "reviewed"))
    deal.refresh_from_db()
    assert (deal.stage.meaning, open_tasks(deal), what_next(deal)) == ("won", [], [])


def test_lost_with_a_reason_and_its_tasks_go(ask, quests):
    deal, me = ask(), quests.owner.actor
    take_deal(deal.pk, by=me)
    with pytest.raises(MissingFields):
        move_deal(deal.pk, by=me, to=stage(deal, "lost"))
    other = LossReason.objects.get(funnel=deal.funnel, key="other")
    with pytest.raises(MissingFields):
        move_deal(deal.pk, by=me, to=stage(deal, "lost"), loss_reason=other)
    move_deal(deal.pk, by=me, to=stage(deal, "lost"), loss_reason=other, loss_comment="Заболел именинник")
    deal.refresh_from_db()
    assert (deal.loss_reason, open_tasks(deal)) == (other, [])
    assert Task.objects.get(deal=deal, rule="contact").cancelled


# -- beside sales ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("funnel", "stages", "task"),
    [
        ("partners", ["Новое предложение", "Переговоры", "Договорились", "Сделано"], "Ответить на предложение"),
        ("quality", ["Позвонить", "Оценка получена", "Разобрано"], "Позвонить и узнать оценку"),
    ],
)
def test_offers_and_calls_about_quality_have_their_own_way(ask, quests, funnel, stages, task):
    way = Funnel.objects.get(key=funnel)
    assert [step.title for step in way.stages.exclude(meaning="lost")] == stages
    guest = ask()
    deal = create_deal(by=quests.head.actor, funnel=way, company=guest.company, responsible=quests.head)
    assert open_tasks(deal) == [task]
    for step in way.stages.exclude(meaning="lost")[1:]:
        move_deal(deal.pk, by=quests.head.actor, to=step)
    assert open_tasks(deal) == []


# -- after the game ----------------------------------------------------------------------------


@pytest.fixture
def played(booked, quests):
    """A deal on «Игра проведена»."""

    def made(**given) -> Deal:
        deal = booked(**given)
        for key in ("call1", "played"):
            move_deal(deal.pk, by=quests.administrator.actor, to=stage(deal, key))
        return Deal.objects.get(pk=deal.pk)

    return made


def said(deal: Deal) -> set[str]:
    """Rules that wrote to the client of a deal."""
    return set(Message.objects.filter(deal_id=deal.pk).values_list("rule", flat=True))


def test_guests_are_told_when_the_photos_come(played):
    deal = played()
    assert said(deal) == {"hand-over", "photos"}
    assert "Фотографии будут завтра" in Message.objects.get(rule="photos").text


@pytest.mark.parametrize(
    ("score", "rules", "segments", "checked"),
    [
        (10, {"fan"}, ["fans"], False),
        (8, {"not-a-fan"}, [], False),
        (6, {"not-a-fan"}, ["unhappy"], True),
    ],
)
def test_a_score_decides_what_follows(played, quests, score, rules, segments, checked):
    deal = played()
    change_deal(deal.pk, by=quests.administrator.actor, values={"score": score})
    assert said(deal) - {"hand-over", "photos"} == rules
    assert Company.objects.get(pk=deal.company_id).segments == segments
    assert (
        Deal.objects.filter(company=deal.company, stage__funnel__key="quality", stage__key="call").exists() is checked
    )


def test_without_a_score_for_a_day_somebody_calls(played, clock):
    deal = played()
    clock.advance(hours=23)
    ticker.tick()
    assert not Deal.objects.filter(funnel__key="quality").exists()
    clock.advance(hours=2)
    ticker.tick()
    call = Deal.objects.get(funnel__key="quality")
    assert (call.company, call.stage.title, call.fields["programme"]) == (deal.company, "Позвонить", "dom-na-moyke")


def test_sixty_days_after_the_last_game_all_but_a_control_group_are_invited(quests, clock):
    ticker.tick()
    first = Funnel.objects.get(key="first")
    guests = [register_client(by=SYSTEM, name=f"Гость {number}") for number in range(8)]
    for guest in guests:
        create_deal(
            by=SYSTEM, funnel=first, stage=first.stages.get(key="reviewed"), company=guest.company, contact=guest,
            responsible=quests.administrator, brand=quests.brand,
            fields={"game_date": "21.09.2026", "programme": "dom-na-moyke"},
        )  # fmt: skip
    create_deal(by=SYSTEM, funnel=first, company=guests[0].company, responsible=quests.owner)
    clock.set(datetime(2026, 11, 20, 9, 1, tzinfo=UTC))
    ticker.tick()
    runs = Trace.objects.filter(rule="sixty-days")
    assert guests[0].company.pk not in runs.values_list("deal__company", flat=True)  # comes again already
    assert runs.filter(outcome="done").count() + runs.filter(outcome="held_out").count() == 7
    invited = Deal.objects.filter(funnel__key="repeat")
    assert invited.count() == runs.filter(outcome="done").count() > 0
    assert all(deal.stage.key == "taken" and deal.responsible.role.key == "manager" for deal in invited)
