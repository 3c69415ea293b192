"""The trader in rolled metal line by line: each test replays a sentence of its process (PR-1, PR-3 … PR-7, PR-12)."""

from datetime import date, timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client

from voronka.api.actions import issue_token
from voronka.api.scopes import SCOPES
from voronka.deals.actions import take_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel.errors import MissingFields, Refusal
from voronka.staff.access import PERMISSIONS
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task

from .steps import next_deal, set_aside, tasks, told, where

PRESET = "metal"

SIX = dict.fromkeys(("activity", "buys", "volumes", "frequency", "buyers", "supplier"), "Ответ")


@pytest.fixture
def metal(story):
    return story


def money(**given) -> dict:
    return {
        "amount": 500000,
        "cost": 460000,
        "pay_until": (date(2026, 11, 19) + timedelta(days=30)).isoformat(),
        **given,
    }


def test_the_funnels_and_eight_reasons_are_those_of_the_company(metal):
    titles = [funnel.title for funnel in Funnel.objects.filter(is_active=True)]
    assert titles == [
        "Первичные продажи", "Активная база", "Постоянные клиенты", "База отказов", "Холодные продажи", "Возвраты",
    ]  # fmt: skip
    first = Funnel.objects.get(key="first")
    assert [stage.title for stage in first.stages.exclude(meaning="lost")] == [
        "Неразобранное", "Взято в работу", "Потребность выявлена", "Счёт выставлен", "Оплата получена",
    ]  # fmt: skip
    reasons = first.loss_reasons.order_by("position")
    assert reasons.count() == 8 and [reason.title for reason in reasons if reason.comment_required] == ["Другое"]


def test_nobody_deletes_a_deal(metal, as_person):
    deal = metal.deal("first/taken", metal.manager)
    for person in (metal.manager, metal.head, metal.director):
        assert as_person(person).delete(f"/deals/{deal.pk}").status_code == 405
        _row, token = issue_token(person, by=metal.director.actor, title="Выгрузка", scopes=SCOPES)
        asked = Client(headers={"authorization": f"Bearer {token}"})
        assert asked.delete(f"/api/v1/deals/{deal.pk}").status_code == 405
    assert not any("delete" in right for right in PERMISSIONS)
    with pytest.raises(ProtectedError):
        deal.company.delete()  # nor does it go with its client


def test_an_inquiry_is_called_about_every_fifteen_minutes_until_taken(metal):
    deal = metal.arrives("first/unsorted")
    assert tasks(deal) == ["Связаться с клиентом"]
    metal.later(minutes=14)
    assert told(metal.head) == []
    metal.later(minutes=2)
    assert told(metal.manager) == told(metal.head) == ["Ирина Соколова ждёт ответа 16 минут"]
    take_deal(deal.pk, by=metal.manager.actor)
    assert where(deal) == "first/taken" and tasks(deal) == ["Выявить потребность: шесть вопросов"]


def test_deals_go_only_forward_without_skipping_and_with_six_answers(metal):
    deal = metal.deal("first/taken", metal.manager)
    with pytest.raises(Refusal):
        metal.goes(deal, "invoice", metal.manager, **SIX, **money())
    with pytest.raises(MissingFields) as asked:
        metal.goes(deal, "need", metal.manager)
    assert set(asked.value.fields) == set(SIX)
    metal.goes(deal, "need", metal.manager, **SIX)
    with pytest.raises(Refusal):
        metal.goes(deal, "taken", metal.manager)
    with pytest.raises(MissingFields) as asked:
        metal.goes(deal, "invoice", metal.manager)
    assert set(asked.value.fields) == {"amount", "cost", "pay_until"}


def test_the_next_step_is_obligatory(metal):
    deal = metal.deal("first/taken", metal.manager)
    for task in Task.objects.filter(deal=deal, done_at=None):
        complete_task(task.pk, by=metal.manager.actor, result="Поговорили")
    with pytest.raises(MissingFields) as asked:
        metal.goes(deal, "need", metal.manager, **SIX)
    assert asked.value.fields == ["next_step"]


def test_a_day_after_taking_the_manager_checks_after_two_the_head(metal):
    deal = metal.deal("first/taken", metal.manager)  # Thursday noon
    metal.goes(deal, "need", metal.manager, **SIX)
    metal.later(hours=23)
    assert tasks(deal, metal.manager) == ["Посчитать и выставить счёт"]
    metal.later(hours=2)
    assert "Проверить лид: Ирина Соколова" in tasks(deal, metal.manager)
    metal.later(days=1)  # Saturday is no working day
    assert tasks(deal, metal.head) == []
    metal.later(days=2)
    assert tasks(deal, metal.head) == ["Проверить лид: Ирина Соколова, ведёт Менеджер"]


def test_an_invoice_in_time_leaves_nothing_to_check(metal):
    deal = metal.deal("first/taken", metal.manager)
    metal.goes(deal, "need", metal.manager, **SIX)
    metal.goes(deal, "invoice", metal.manager, **money())
    metal.later(days=5)
    assert not [title for title in tasks(deal) if title.startswith("Проверить лид")]
    assert tasks(deal, metal.head) == ["Зависла: Ирина Соколова, Счёт выставлен, ведёт Менеджер"]


@pytest.mark.parametrize(
    ("start", "steps", "there"),
    [
        ("first/invoice", ["paid"], "base/monitoring"),
        ("base/need", ["request"], "regular/request"),
        ("regular/invoice", ["paid"], "base/monitoring"),
        ("cold/interest", ["need"], "first/taken"),
        ("refusals/proposal", ["ready"], "first/taken"),
        ("first/taken", ["lost"], "refusals/new"),
        ("base/need", ["lost"], "refusals/new"),
        ("regular/quote", ["lost"], "refusals/new"),
        ("cold/list", ["lost"], "refusals/new"),
        ("refusals/touch1", ["lost"], "refusals/new"),
    ],
)
def test_work_with_a_client_never_ends(metal, start, steps, there):
    deal = metal.deal(start, metal.manager, fields=SIX)
    metal.goes(deal, steps[0], metal.manager, reason="price" if steps == ["lost"] else "")
    follower = next_deal(deal)
    assert (where(follower), follower.responsible) == (there, metal.manager)
    assert follower.fields["activity"] == "Ответ"
    assert tasks(deal) == [] and set_aside() == []


def test_a_refusal_needs_its_reason_and_other_a_comment(metal):
    deal = metal.deal("base/need", metal.manager)
    with pytest.raises(MissingFields):
        metal.goes(deal, "lost", metal.manager)
    with pytest.raises(MissingFields):
        metal.goes(deal, "lost", metal.manager, reason="other")
    metal.goes(deal, "lost", metal.manager, reason="other", comment="Сменили вид деятельности")
    assert next_deal(deal).title == "Отказ: Другое"


@pytest.mark.parametrize("stage", ["request", "quote", "approval", "invoice"])
def test_the_head_controls_every_stage_of_regular_clients(metal, stage):
    deal = metal.deal(f"regular/{stage}", metal.manager)
    metal.later(days=5)
    assert len(tasks(deal, metal.head)) == 1


@pytest.mark.parametrize(
    "ref",
    ["first/invoice", "base/need", "refusals/new", "refusals/proposal", "cold/list", "cold/reached", "returns/asked"],
)
def test_a_deal_stuck_on_a_stage_is_a_task_of_the_head(metal, ref):
    deal = metal.deal(ref, metal.manager)
    metal.later(days=2)
    assert tasks(deal, metal.head) == []
    metal.later(days=12)
    assert len(tasks(deal, metal.head)) == 1


def test_refusals_are_worked_on_step_by_step(metal):
    deal = metal.deal("refusals/new", metal.manager)
    assert tasks(deal) == ["Разобрать отказ и сделать первое касание"]
    metal.goes(deal, "touch1", metal.manager)
    assert tasks(deal) == ["Второе касание"]
    metal.goes(deal, "touch2", metal.manager)
    metal.later(days=8)
    assert tasks(deal) == ["Подготовить новое предложение"]


def test_a_promised_purchase_is_remembered_a_week_before(metal):
    deal = metal.deal("base/monitoring", metal.manager, fields={"need_date": "01.12.2026"})
    metal.later(days=4)
    assert tasks(deal) == []
    metal.later(days=2)
    assert tasks(deal) == ["Скоро закупка: Ирина Соколова"]


def test_returns_stand_alone_and_only_heads_give_money_back(metal):
    deal = metal.deal("returns/checking", metal.manager)
    with pytest.raises(Refusal):
        metal.goes(deal, "returned", metal.manager, amount=40000)
    metal.goes(deal, "returned", metal.head, amount=40000)
    assert Deal.objects.count() == 1
    assert deal.company.notes.get().text.startswith("Вернули деньги: 40")


def test_a_regular_client_who_asks_comes_to_whoever_led_them(metal):
    before = metal.deal("regular/invoice", metal.manager)
    metal.goes(before, "paid", metal.manager)
    asked = metal.arrives("regular/request", company=before.company)
    asked.refresh_from_db()
    assert (asked.responsible, asked.stage.title) == (metal.manager, "Заявка")
    assert tasks(asked) == ["Подтвердить заявку и посчитать"]
