"""The quests company line by line: each test replays a sentence of its process (PR-5, PR-7, PR-11)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from voronka.catalogue.models import Product
from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import add_line, add_note, change_deal, create_deal, take_deal
from voronka.deals.fields import specs
from voronka.deals.models import Deal, FieldDef, Funnel
from voronka.kernel.errors import MissingFields, Refusal
from voronka.kernel.models import Event
from voronka.messages.models import Message
from voronka.process.models import Trace
from voronka.process.outlook import what_next
from voronka.process.queries import drop_hints
from voronka.staff.actions import plan_shift
from voronka.staff.models import Brand, Location
from voronka.tasks.models import Task
from voronka.testing.cast import hire

from .steps import SITE, next_deal, said, stage, tasks, told, where

PRESET = "quests"
BOOKING = {"game_date": "28.11.2026", "game_time": "18:00", "programme": "dom-na-moyke"}


@pytest.fixture
def quests(story):
    return story


@pytest.fixture
def taken(quests):
    """A deal of somebody new that a manager has taken."""
    deal = quests.arrives("first/unsorted", brand=Brand.objects.get(key="chas-iks"))
    return take_deal(deal.pk, by=quests.manager.actor)


def book(quests, deal: Deal, location: Location | None = None) -> Deal:
    """Bring it to «Бронь подтверждена», at the administrator's location unless another one is named."""
    location = location or quests.administrator.locations.get()
    quests.goes(deal, "picked", quests.manager)
    return quests.goes(deal, "booked", quests.manager, **BOOKING, location=location.pk)


@pytest.fixture
def booked(quests, taken):
    add_note(taken.pk, by=quests.manager.actor, text="Аллергия на орехи")
    return book(quests, taken)


@pytest.fixture
def played(quests, booked):
    for key in ("call1", "played"):
        quests.goes(booked, key, quests.administrator)
    return Deal.objects.get(pk=booked.pk)


# -- the sale ----------------------------------------------------------------------------------


def test_the_stages_and_where_they_lead(quests):
    first, repeat = Funnel.objects.get(key="first"), Funnel.objects.get(key="repeat")
    titles = [step.title for step in first.stages.exclude(meaning="lost")]
    assert titles == [
        "Неразобранное", "Взято в работу", "Подобрали игру", "Бронь подтверждена", "Прозвон 1", "Игра проведена",
        "Отзыв получен",
    ]  # fmt: skip
    assert titles == [step.title for step in repeat.stages.exclude(meaning="lost")]
    asked = {"game_date", "game_time", "location", "programme", "players", "budget", "certificate", "calltouch"}
    assert asked <= set(specs())
    assert FieldDef.objects.filter(entity="contact", key="last_score").exists()


def test_a_day_without_a_booking_is_shown_and_escalated_to_the_head(quests, taken):
    coming = what_next(Deal.objects.get(pk=taken.pk))[0]
    assert coming.at == quests.clock.now() + timedelta(days=1)
    assert coming.rule == "day-without-booking"
    quests.later(hours=23, minutes=59)
    assert told(quests.head) == []
    quests.later(minutes=1)
    quests.later(seconds=0)
    task = Task.objects.get(rule="day-without-booking")
    assert (task.responsible, task.title) == (quests.head, "Сутки без брони: Ирина Соколова, Взято в работу")
    assert told(quests.head) == ["Сутки без брони: Ирина Соколова"]


def test_a_booking_in_time_is_not_escalated(quests, booked):
    quests.later(days=2)
    assert not Task.objects.filter(rule="day-without-booking").exists()


def test_a_booking_needs_date_time_location_and_programme(quests, taken):
    with pytest.raises(Refusal, match="Подобрали игру"):
        quests.goes(taken, "booked", quests.manager)
    quests.goes(taken, "picked", quests.manager)
    with pytest.raises(MissingFields) as asked:
        quests.goes(taken, "booked", quests.manager, game_date="28.11.2026")
    assert asked.value.fields == ["game_time", "location", "programme"]
    with translation.override("en"):
        wanted = stage(taken, "booked")
        hint = drop_hints([wanted], asks={key: str(one.title) for key, one in specs().items()})[wanted.pk]
    assert hint == "We will ask: дата игры, время, location, программа. Goes to: Администратор"
    assert where(taken) == "first/picked" and taken.fields.get("game_date") is None


def test_a_booking_passes_to_the_administrator_of_the_location_with_every_comment(quests, booked):
    booked.refresh_from_db()
    assert booked.responsible == quests.administrator
    assert Event.objects.get(kind="note.added", deal_id=booked.pk).data["text"] == "Аллергия на орехи"
    assert booked.notes.visible_to(quests.administrator).exists()
    task = Task.objects.get(deal=booked, done_at=None)
    assert (task.title, task.responsible) == (
        "Прозвон: подтвердить игру, предложить торт и аниматора",
        quests.administrator,
    )
    assert task.due_at == datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # noon in Moscow, the day before the game
    done = Task.objects.filter(deal=booked).exclude(done_at=None)
    assert {task.title for task in done} == {
        "Обработать заявку", "Связаться и подобрать игру", "Подтвердить бронь",
    }  # fmt: skip


def test_the_sales_manager_keeps_reading_but_does_not_change(quests, taken):
    partner = hire("partner", "Напарник", quests.manager.role, seat=quests.manager.seat)
    deal = book(quests, taken)
    for person in (quests.manager, partner):
        assert Deal.objects.visible_to(person).filter(pk=deal.pk).exists()
    with pytest.raises(Refusal):
        quests.goes(deal, "call1", quests.manager)
    add_note(deal.pk, by=quests.manager.actor, text="Ещё просили парковку")


def test_of_several_administrators_the_one_on_shift_gets_it(quests, taken):
    first = quests.administrator
    second = hire(
        "second", "Руслан Гареев", first.role, brands=list(Brand.objects.all()), locations=[first.locations.get()]
    )
    away = quests.clock.now() + timedelta(days=1)
    plan_shift(first, by=quests.director.actor, starts_at=away, ends_at=away + timedelta(hours=9))
    deal = book(quests, taken)
    deal.refresh_from_db()
    assert deal.responsible == second


def test_a_location_without_an_administrator_leaves_the_booking_with_the_manager_and_says_so(quests, taken):
    deal = book(quests, taken, Location.objects.get(key="moskovskaya"))
    deal.refresh_from_db()
    assert (deal.stage.key, deal.responsible) == ("booked", quests.manager)
    assert Event.objects.get(kind="rule.refused", deal_id=deal.pk).data["title"] == "Бронь ведёт администратор"


def test_lost_with_a_reason_and_its_tasks_go(quests, taken):
    with pytest.raises(MissingFields):
        quests.goes(taken, "lost", quests.manager)
    with pytest.raises(MissingFields):
        quests.goes(taken, "lost", quests.manager, reason="other")
    quests.goes(taken, "lost", quests.manager, reason="other", comment="Заболел именинник")
    taken.refresh_from_db()
    assert (taken.loss_reason.key, tasks(taken)) == ("other", [])
    assert Task.objects.get(deal=taken, rule="contact").cancelled


# -- the game ----------------------------------------------------------------------------------


def test_the_upsell_adds_goods_to_the_deal_and_counts_for_the_administrator(quests, booked):
    quests.goes(booked, "call1", quests.administrator)
    before = Deal.objects.get(pk=booked.pk).amount
    cake = Product.objects.get(key="cake")
    add_line(booked.pk, by=quests.administrator.actor, product=cake)
    booked.refresh_from_db()
    assert booked.amount == before + cake.price
    added = Event.objects.get(kind="line.added", deal_id=booked.pk)
    assert (added.person_id, added.data["is_upsell"]) == (quests.administrator.pk, True)


def test_the_way_of_a_game_from_the_call_to_the_review(quests, booked):
    quests.goes(booked, "call1", quests.administrator)
    game = Task.objects.get(deal=booked, done_at=None)
    assert game.title == "Встретить гостей и провести игру: Дом на Мойке"
    assert game.due_at == datetime(2026, 11, 28, 17, 0, tzinfo=UTC)  # two hours from 18:00 in Moscow
    quests.at(datetime(2026, 11, 28, 16, 40, tzinfo=UTC))
    quests.goes(booked, "played", quests.administrator)
    assert tasks(booked) == ["Узнать оценку и попросить отзыв"]
    quests.later(days=2)
    assert "Два дня без отзыва: Ирина Соколова" in told(quests.administrator)
    quests.goes(booked, "reviewed", quests.administrator)
    booked.refresh_from_db()
    assert (booked.stage.meaning, tasks(booked), what_next(booked)) == ("won", [], [])


def test_guests_are_told_when_the_photos_come(played):
    assert said(played) == ["hand-over", "photos"]
    assert "Фотографии будут завтра" in Message.objects.get(rule="photos").text


@pytest.mark.parametrize(
    ("score", "rules", "segments", "checked"),
    [
        (10, ["fan"], ["fans"], False),
        (8, ["not-a-fan"], [], False),
        (6, ["not-a-fan"], ["unhappy"], True),
    ],
)
def test_a_score_decides_what_follows(quests, played, score, rules, segments, checked):
    change_deal(played.pk, by=quests.administrator.actor, values={"score": score})
    assert said(played)[2:] == rules
    assert Company.objects.get(pk=played.company_id).segments == segments
    calls = Deal.objects.filter(company=played.company, stage__funnel__key="quality", stage__key="call")
    assert calls.exists() is checked


def test_the_review_is_asked_for_on_the_map_of_the_location(quests, played):
    change_deal(played.pk, by=quests.administrator.actor, values={"score": 10})
    place = quests.administrator.locations.get()
    assert place.review_url and place.review_url in Message.objects.get(rule="fan").text


def test_without_a_score_for_a_day_somebody_calls(quests, played):
    quests.later(hours=23)
    assert not Deal.objects.filter(funnel__key="quality").exists()
    quests.later(hours=2)
    call = next_deal(played)
    assert where(call) == "quality/call" and call.fields["programme"] == "dom-na-moyke"


# -- beside sales ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("funnel", "stages", "task"),
    [
        ("partners", ["Новое предложение", "Переговоры", "Договорились", "Сделано"], "Ответить на предложение"),
        ("quality", ["Позвонить", "Оценка получена", "Разобрано"], "Позвонить и узнать оценку"),
    ],
)
def test_offers_and_calls_about_quality_have_their_own_way(quests, funnel, stages, task):
    way = Funnel.objects.get(key=funnel)
    assert [step.title for step in way.stages.exclude(meaning="lost")] == stages
    deal = quests.deal(f"{funnel}/{way.stages.first().key}", quests.head)
    assert tasks(deal) == [task]
    for step in way.stages.exclude(meaning="lost")[1:]:
        quests.goes(deal, step.key, quests.head)
    assert tasks(deal) == []


def test_sixty_days_after_the_last_game_all_but_a_control_group_are_invited(quests):
    first = Funnel.objects.get(key="first")
    guests = [register_client(by=SITE, name=f"Гость {number}") for number in range(8)]
    for guest in guests:
        create_deal(
            by=SITE, funnel=first, stage=first.stages.get(key="reviewed"), company=guest.company, contact=guest,
            responsible=quests.administrator, brand=Brand.objects.first(),
            fields={"game_date": "21.09.2026", "programme": "dom-na-moyke"},
        )  # fmt: skip
    create_deal(by=SITE, funnel=first, company=guests[0].company, responsible=quests.manager)
    quests.at(datetime(2026, 11, 20, 9, 1, tzinfo=UTC))
    runs = Trace.objects.filter(rule="sixty-days")
    assert guests[0].company.pk not in runs.values_list("deal__company", flat=True)  # comes again already
    assert runs.filter(outcome="done").count() + runs.filter(outcome="held_out").count() == 7
    invited = Deal.objects.filter(funnel__key="repeat")
    assert invited.count() == runs.filter(outcome="done").count() > 0
    assert all(deal.stage.key == "taken" and deal.responsible.role.key == "manager" for deal in invited)
