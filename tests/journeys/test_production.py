"""The workshop line by line: each test replays a sentence of its process (PR-5, PR-7, PR-10, IN-3, CU-6, CU-7, TR-3)."""

from datetime import UTC, datetime

import pytest

from voronka.deals.actions import change_deal
from voronka.deals.models import Funnel
from voronka.kernel.errors import MissingFields
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task

from .steps import next_deal, said, set_aside, tasks, told, where

PRESET = "production"

MEASURE = {
    "product": "kitchen",
    "place": "ул. Рубинштейна, 13",
    "measure_date": "20.11.2026",
    "measure_time": "11:00",
}
AGREED = {"payer": "ООО «Уют»", "terms": "half", "amount": 240000, "ready_date": "18.12.2026"}


@pytest.fixture
def workshop(story):
    return story


def done(deal, kind: str, who) -> None:
    complete_task(Task.objects.get(deal=deal, kind__key=kind, done_at=None).pk, by=who.actor, result="Готово")


def test_the_stages_of_an_order(workshop):
    orders = Funnel.objects.get(key="orders")
    assert [stage.title for stage in orders.stages.exclude(meaning="lost")] == [
        "Консультация", "Замеры", "Дизайн и КП", "Согласование", "Счёт", "Производство", "Сдано", "Отзыв",
    ]  # fmt: skip


def test_a_site_inquiry_goes_to_a_named_manager_with_a_task(workshop):
    deal = workshop.arrives("leads/new")
    assert where(deal) == "leads/work" and deal.responsible == workshop.intake
    assert tasks(deal, workshop.intake) == ["Позвонить по заявке: Ирина Соколова"]
    workshop.later(hours=2)
    assert told(workshop.head) == ["Заявка ждёт: Ирина Соколова"]


def test_a_lead_that_wants_an_order_becomes_one(workshop):
    lead = workshop.deal("leads/work", workshop.intake, fields={"product": "kitchen"})
    workshop.goes(lead, "ready", workshop.intake)
    order = next_deal(lead)
    assert (where(order), order.fields["product"]) == ("orders/consult", "kitchen")
    assert order.responsible == workshop.manager
    assert tasks(lead) == [] and tasks(order) == ["Проконсультировать и назначить замеры"]


def test_measures_have_an_executor_and_a_planned_date(workshop):
    deal = workshop.deal("orders/consult", workshop.manager)
    with pytest.raises(MissingFields) as asked:
        workshop.goes(deal, "measure", workshop.manager)
    assert set(asked.value.fields) == set(MEASURE)
    workshop.goes(deal, "measure", workshop.manager, **MEASURE)
    task = Task.objects.get(deal=deal, responsible=workshop.measurer)
    assert task.title == "Замеры: Ирина Соколова, ул. Рубинштейна, 13"
    assert task.due_at == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert tasks(deal, workshop.manager) == ["Принять замеры: Ирина Соколова"]
    workshop.at(datetime(2026, 11, 19, 9, 1, tzinfo=UTC))
    assert said(deal) == ["measuring-reminder"]


def test_rejected_measures_are_made_again_and_the_client_is_called(workshop):
    deal = workshop.deal("orders/measure", workshop.manager, fields=MEASURE)
    values = {"measure_reason": "нет привязки воды", "measure_result": "rejected"}
    change_deal(deal.pk, by=workshop.manager.actor, values=values)
    assert where(deal) == "orders/measure"
    assert tasks(deal, workshop.measurer) == ["Замеры заново: Ирина Соколова. нет привязки воды"]
    assert "Договориться о новом дне замеров: Ирина Соколова" in tasks(deal, workshop.manager)


def test_accepted_measures_start_the_design_and_the_proposal_of_one_working_day(workshop):
    deal = workshop.deal("orders/measure", workshop.manager, fields=MEASURE)
    change_deal(deal.pk, by=workshop.manager.actor, values={"measure_result": "accepted"})
    assert where(deal) == "orders/design"
    assert tasks(deal, workshop.designer) == ["Дизайн-проект: Ирина Соколова"]
    assert tasks(deal, workshop.manager) == ["Коммерческое предложение: Ирина Соколова"]
    assert {task.due_at for task in Task.objects.filter(deal=deal, rule="design")} == {
        datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    }
    workshop.later(days=1, hours=1)
    assert told(workshop.head) == ["Нет предложения: Ирина Соколова"]


def test_the_proposal_is_kept_and_a_silent_week_means_a_call(workshop):
    deal = workshop.deal("orders/design", workshop.manager)
    with pytest.raises(MissingFields):
        workshop.goes(deal, "approval", workshop.manager)
    workshop.goes(deal, "approval", workshop.manager, proposal="https://mebel.example/1", amount=240000)
    assert tasks(deal) == ["Пригласить в офис: Ирина Соколова"]
    assert said(deal) == ["invite"]
    Task.objects.filter(deal=deal).delete()
    workshop.later(days=7, hours=1)
    assert tasks(deal) == ["Неделя без ответа: узнать решение"]


def test_who_needs_time_gets_a_new_date_instead(workshop):
    deal = workshop.deal("orders/approval", workshop.manager, fields={"decision_date": "01.12.2026"})
    Task.objects.filter(deal=deal).delete()
    workshop.later(days=8)
    assert tasks(deal) == []
    workshop.later(days=5)
    assert tasks(deal) == ["Обещали решить сегодня: Ирина Соколова"]


def test_accounting_gets_the_requisites_and_the_manager_watches_the_payment(workshop):
    deal = workshop.deal("orders/approval", workshop.manager)
    workshop.goes(deal, "invoice", workshop.manager, **AGREED)
    (title,) = tasks(deal, workshop.accountant)
    assert title.startswith("Счёт: Ирина Соколова, 240") and title.endswith("ООО «Уют»")
    done(deal, "invoice", workshop.accountant)
    assert tasks(deal, workshop.manager) == ["Проконтролировать оплату: Ирина Соколова"]
    assert said(deal)[-1] == "invoice-sent"


def test_production_opens_by_itself_when_the_condition_of_payment_is_met(workshop):
    deal = workshop.deal("orders/approval", workshop.manager)
    workshop.goes(deal, "invoice", workshop.manager, **AGREED)
    change_deal(deal.pk, by=workshop.accountant.actor, values={"terms_met": "да"})
    assert where(deal) == "orders/making"
    assert tasks(deal, workshop.production) == ["Изготовить: Ирина Соколова, Заявка"]
    done(deal, "making", workshop.production)
    assert tasks(deal) == ["Договориться о доставке и сдать: Ирина Соколова"]
    assert set_aside() == []


def test_fifteen_days_after_hand_over_a_review_is_asked_and_kept(workshop):
    deal = workshop.deal("orders/making", workshop.manager)
    workshop.goes(deal, "done", workshop.manager, handed_on="19.11.2026")
    workshop.later(days=14)
    assert tasks(deal) == []
    workshop.later(days=2)
    assert tasks(deal) == ["Взять отзыв: Ирина Соколова"]
    workshop.goes(deal, "review", workshop.manager, score=9, review="Всё встало")
    assert deal.company.notes.get().text == "Отзыв (9 из 10): Всё встало"
    assert tasks(deal) == []


def test_a_bad_review_is_on_the_card_at_once_and_alarms_the_head(workshop):
    deal = workshop.deal("orders/done", workshop.manager)
    change_deal(deal.pk, by=workshop.manager.actor, values={"score": 3, "review": "Скол на фасаде"})
    assert deal.company.notes.get().text == "Негативный отзыв: 3 из 10. Скол на фасаде"
    assert told(workshop.head) == told(workshop.director) == ["Негативный отзыв: Ирина Соколова"]
    assert tasks(deal, workshop.head) == ["Разобрать негативный отзыв: Ирина Соколова"]


def test_a_refusal_needs_a_reason_and_a_comment_and_marks_the_client(workshop):
    deal = workshop.deal("orders/approval", workshop.manager)
    with pytest.raises(MissingFields):
        workshop.goes(deal, "lost", workshop.manager, reason="price")
    workshop.goes(deal, "lost", workshop.manager, reason="price", comment="У соседей на 40 тысяч меньше")
    assert deal.company.notes.get().text == "Отказ: Дорого. Заявка"
    assert tasks(deal) == []
    deal.company.refresh_from_db()
    assert deal.company.segments == ["refused"]
    workshop.deal("orders/consult", workshop.manager, company=deal.company)
    deal.company.refresh_from_db()
    assert deal.company.segments == []  # orders again


def test_the_head_has_tasks_that_come_again_and_ask_for_findings(workshop):
    workshop.at(datetime(2026, 11, 24, 7, 1, tzinfo=UTC))  # Tuesday
    (task,) = Task.objects.filter(responsible=workshop.head, kind__key="listen")
    assert (task.title, task.kind.result_required) == ("Прослушать десять звонков, записать находки", True)
    workshop.at(datetime(2026, 11, 26, 7, 1, tzinfo=UTC))  # Thursday
    assert Task.objects.filter(responsible=workshop.head, kind__key="satisfaction").count() == 1
    workshop.at(datetime(2026, 12, 5, 7, 1, tzinfo=UTC))
    assert Task.objects.filter(responsible=workshop.head, kind__key="shopper").count() == 2  # the 20th and the 5th
