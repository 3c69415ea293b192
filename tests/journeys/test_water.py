"""The water company line by line: each test replays a sentence of its process (PR-1, PR-8, PR-9, TR-4)."""

from datetime import UTC, datetime

import pytest

from voronka.clients.actions import add_contact, change_contact
from voronka.deals.actions import change_deal, take_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel.errors import MissingFields
from voronka.kernel.models import Event
from voronka.messages.models import Message
from voronka.tasks.models import Task

from .steps import next_deal, said, set_aside, tasks, told, where

PRESET = "water"

ORDER = {"place": "ул. Турку, 14", "bottles": 4, "deliver_on": "20.11.2026"}


@pytest.fixture
def water(story):
    return story


def test_three_funnels_as_the_company_wanted_them(water):
    assert [funnel.title for funnel in Funnel.objects.filter(is_active=True)] == ["Обзвон", "Продажа", "Подогрев"]
    warm = Funnel.objects.get(key="warm").stages.filter(meaning="open")
    assert [stage.title for stage in warm] == [
        "Дорого", "Нет потребности сейчас", "Купил у другого", "Не дозвонились", "Недоволен качеством", "Переехал",
    ]  # fmt: skip


def test_an_inquiry_waits_in_search_until_somebody_takes_it(water):
    deal = water.arrives("sale/search")
    assert tasks(deal) == ["Ответить и узнать, что нужно"]
    water.later(minutes=16)
    assert told(water.operator) == told(water.head) == ["Ирина Соколова ждёт ответа 16 минут"]
    take_deal(deal.pk, by=water.operator.actor)
    assert where(deal) == "sale/advice" and tasks(deal) == ["Посчитать воду и предложить день"]


def test_the_order_goes_to_1c_with_what_1c_needs(water):
    deal = water.deal("sale/advice", water.operator)
    with pytest.raises(MissingFields) as asked:
        water.goes(deal, "order", water.operator)
    assert set(asked.value.fields) == set(ORDER)
    water.goes(deal, "order", water.operator, **ORDER)
    called = Event.objects.get(kind="rule.called").data
    assert called["name"] == "order-1c"
    assert (called["fields"]["bottles"], called["fields"]["place"]) == (4, "ул. Турку, 14")


def test_the_fact_of_payment_moves_the_deal(water):
    deal = water.deal("sale/delivery", water.operator, fields=ORDER)
    change_deal(deal.pk, by=water.operator.actor, values={"paid": "да"})
    assert where(deal) == "sale/paid" and tasks(deal) == []


def test_a_delivery_nobody_closed_is_checked_the_next_morning(water):
    deal = water.deal("sale/order", water.operator, fields=ORDER)
    water.at(datetime(2026, 11, 21, 7, 5, tzinfo=UTC))
    assert "Привезли ли воду и оплачено ли: Ирина Соколова, 20 ноября" in tasks(deal)


def test_a_call_round_that_ends_in_an_order_opens_the_sale(water):
    deal = water.deal("round/talk", water.operator, fields={"period": "days14"})
    water.goes(deal, "order", water.operator, **ORDER)
    sale = next_deal(deal)
    assert (where(sale), sale.responsible, sale.fields["bottles"]) == ("sale/order", water.operator, 4)


@pytest.mark.parametrize(("period", "days"), [("days14", 14), ("days30", 30), ("days60", 60)])
def test_the_next_call_round_appears_when_the_period_of_the_client_has_passed(water, period, days):
    deal = water.deal("sale/delivery", water.operator, fields={**ORDER, "period": period})
    change_deal(deal.pk, by=water.operator.actor, values={"paid": "да"})
    water.later(days=days - 1)
    assert Deal.objects.count() == 1
    water.later(days=2)
    call = next_deal(deal)
    assert (where(call), call.responsible) == ("round/planned", water.operator)
    assert tasks(call)[0] == "Позвонить: не пора ли воды?"
    water.later(days=1)
    assert Deal.objects.count() == 2


def test_a_promised_call_is_made_that_day(water):
    deal = water.deal("round/talk", water.operator)
    water.goes(deal, "later", water.operator, call_on="23.11.2026")
    water.later(days=4)
    assert "Обещали перезвонить сегодня: Ирина Соколова" in tasks(deal)


@pytest.mark.parametrize(
    ("reason", "stage"),
    [
        ("dear", "Дорого"),
        ("no_need", "Нет потребности сейчас"),
        ("elsewhere", "Купил у другого"),
        ("unreached", "Не дозвонились"),
        ("quality", "Недоволен качеством"),
        ("moved", "Переехал"),
    ],
)
def test_a_failed_sale_is_warmed_on_the_stage_of_its_reason(water, reason, stage):
    deal = water.deal("sale/advice", water.operator, fields={"bottles": "4"})
    water.goes(deal, "lost", water.operator, reason=reason)
    warmed = next_deal(deal)
    assert (warmed.funnel.title, warmed.stage.title, warmed.fields["bottles"]) == ("Подогрев", stage, 4)
    assert set_aside() == []
    deal.company.refresh_from_db()
    assert ("ads-back" in deal.company.segments) == (reason == "elsewhere")  # whom advertising may bring back


def test_who_is_no_client_is_not_warmed(water):
    deal = water.deal("sale/advice", water.operator)
    water.goes(deal, "lost", water.operator, reason="not_client")
    assert Deal.objects.get() == deal


def test_everybody_new_is_told_who_the_company_is(water):
    deal = water.arrives("sale/search")
    assert said(deal) == ["welcome"]
    assert "8 800 000-00-00, voda.example" in Message.objects.get().text
    add_contact(deal.company, by=water.operator.actor, name="Пётр Соколов")
    assert said(deal) == ["welcome", "welcome"]


def test_a_complaint_is_the_heads_task_at_once(water):
    deal = water.deal("sale/advice", water.operator)
    water.goes(deal, "lost", water.operator, reason="quality")
    assert tasks(next_deal(deal), water.head) == ["Позвонить и забрать партию: Ирина Соколова"]
    assert told(water.head) == ["Жалоба на качество: Ирина Соколова"]


def test_each_reason_has_its_own_way_back(water):
    dear = water.deal("warm/dear", water.operator)
    later = water.deal("warm/no_need", water.operator, company=dear.company)
    water.later(days=15)
    assert (tasks(dear), tasks(later)) == (["Посчитать по абонементу: Ирина Соколова"], [])
    water.later(days=16)
    assert tasks(later) == ["Не пора ли воды: Ирина Соколова"]


def test_a_revived_client_is_a_new_deal_in_search(water):
    deal = water.deal("warm/elsewhere", water.operator, fields={"place": "ул. Турку, 14"})
    water.goes(deal, "revived", water.operator)
    again = next_deal(deal)
    assert (where(again), again.responsible, again.fields["place"]) == ("sale/search", None, "ул. Турку, 14")


def test_every_morning_each_client_is_looked_after(water):
    stepless = water.deal("sale/order", water.operator, fields=ORDER)
    Task.objects.filter(deal=stepless).delete()
    Deal.objects.filter(pk=stepless.pk).update(next_step_at=None)
    water.at(datetime(2026, 11, 20, 6, 15, tzinfo=UTC))
    assert "Следующий шаг: Ирина Соколова, Оформление заказа" in tasks(stepless)
    water.goes(stepless, "lost", water.operator, reason="not_client")
    water.at(datetime(2026, 11, 21, 6, 15, tzinfo=UTC))
    assert told(water.operator) == ["Нет открытой сделки: Ирина Соколова"]


def test_an_overdue_task_is_told_to_the_head(water):
    deal = water.deal("sale/advice", water.operator)
    water.later(days=2)
    assert "Просрочена задача: Ирина Соколова" in told(water.head)
    assert tasks(deal)


def test_a_client_is_not_left_without_a_word(water):
    deal = water.deal("sale/delivery", water.operator, fields=ORDER)
    change_deal(deal.pk, by=water.operator.actor, values={"paid": "да"})
    water.later(days=46)
    assert Task.objects.get(company=deal.company, deal=None).title == "Давно не говорили: Ирина Соколова"


def test_a_birthday_is_told_to_whoever_leads_the_client(water):
    deal = water.deal("sale/advice", water.operator)
    change_contact(
        deal.contact.pk, by=water.operator.actor, values={"birthday": datetime(1988, 11, 20, tzinfo=UTC).date()}
    )
    water.at(datetime(2026, 11, 20, 7, 1, tzinfo=UTC))
    assert "Сегодня день рождения: Ирина Соколова" in told(water.operator)
    assert said(deal)[-1] == "birthday"
