"""The process as a head of sales works with it: a stage with a limit and a reminder, a rule, the check on history."""

import time

import pytest
from django.db import transaction
from playwright.sync_api import expect

from voronka.deals.models import Stage
from voronka.kernel import actor
from voronka.messages.actions import Whom, write
from voronka.process import queries
from voronka.testing.browser import blemishes

pytestmark = pytest.mark.browser

#: A person without training needs no longer; the machine that plays one must be far below.
TWO_MINUTES = 120


def test_a_stage_with_a_limit_and_a_reminder_in_two_minutes(office, open_page):
    office.deal("Ирина Соколова", stage="picked")
    began = time.monotonic()
    page = open_page("/day", person=office.cast.director)
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Процессы").click()
    page.get_by_role("button", name="Изменить воронку «Первые продажи»").click()
    page.get_by_role("link", name="Добавить этап").click()
    dialog = page.locator("dialog#dialog")
    dialog.get_by_label("Название").fill("Держим бронь")
    dialog.get_by_label("Предел: сколько").fill("2")
    dialog.get_by_label("Место").select_option(label="после «Подобрали игру»")
    dialog.get_by_label("Напомнить ответственному через: сколько").fill("1")
    dialog.get_by_label("Задача напоминания").fill("Узнать, что решили")
    expect(dialog.locator("#thing-checks")).to_contain_text("Проверки ничего не нашли")
    dialog.get_by_role("button", name="В черновик").click()
    panel = page.get_by_role("complementary", name="Правила этапа")
    expect(panel).to_contain_text("Узнать, что решили")
    page.get_by_role("link", name="Проверить и включить").click()
    expect(page.locator("main")).to_contain_text("этап «Держим бронь»")
    page.get_by_label("Зачем").fill("Гости дольше думают")
    page.get_by_role("button", name="Включить черновик").click()
    page.wait_for_url("**/process")
    assert time.monotonic() - began < TWO_MINUTES
    stage = Stage.objects.get(title="Держим бронь")
    assert (stage.position, stage.limit_minutes) == (3, 2 * 24 * 60)
    assert any(rule.title == "Напоминание: Держим бронь" for rule in queries.active().rules)


def test_a_rule_reads_itself_as_it_is_written_and_the_map_goes_by_keyboard(office, open_page):
    office.deal("Ирина Соколова")
    page = open_page("/process", person=office.cast.director)
    row = page.locator('[data-stage-ref="first/taken"]')
    row.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Правила этапа")
    expect(panel).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    panel.get_by_role("link", name="Правило").click()
    page.get_by_label("Через: сколько", exact=True).fill("20")
    page.get_by_label("Через: чего", exact=True).select_option(label="часов")
    sentence = page.locator(".v-sentence")
    page.get_by_label("Название", exact=True).fill("Проверить лид")
    page.get_by_label("Название", exact=True).press("Tab")
    expect(sentence).to_contain_text("Если через 20 часов")
    expect(sentence).to_contain_text("Проверить лид")
    page.get_by_role("button", name="Условие").click()
    page.get_by_label("Поле условия 1").select_option(label="Игроков")
    page.get_by_label("Сравнение условия 1").select_option(">=")
    page.locator("#if-0-value").fill("10")
    page.locator("#if-0-value").press("Tab")
    expect(sentence).to_contain_text("Игроков")
    page.get_by_role("button", name="В черновик").click()
    expect(page.get_by_role("complementary", name="Правила этапа")).to_contain_text("Проверить лид")
    page.go_back()
    assert blemishes(page) == []


def test_a_draft_is_tried_on_history_by_the_worker(office, open_page, live_worker):
    office.deal("Ирина Соколова")
    page = open_page("/process/draft", person=office.cast.director)
    page.get_by_role("button", name="Прогнать").click()
    expect(page.locator("#trial")).to_contain_text("Создалось задач", timeout=20_000)
    page.locator("#trial a.v-fig").first.click()
    expect(page.locator("main")).to_contain_text("Ирина Соколова")


@pytest.mark.parametrize(
    "address", ["/process?stage=first/taken", "/process/draft", "/process/versions", "/process/stuck"]
)
def test_the_looks(office, open_page, address):
    office.deal("Ирина Соколова", stage="picked")
    page = open_page(address, person=office.cast.director)
    assert blemishes(page) == []


def test_the_looks_of_what_stands_around_it(office, open_page):
    deal = office.deal("Ирина Соколова", stage="picked")
    whom = Whom(company=deal.company, contact=deal.contact, deal_id=deal.pk, audience=deal.audience)
    with transaction.atomic():
        write(whom, by=actor.system("t").by_rule("contact"), text="Ждём вас", channels=["sms"])
    page = open_page("/knowledge", person=office.cast.director)
    assert blemishes(page) == []
    for address in (
        "/knowledge/script/pick",
        "/messages",
        "/process/rules/contact/runs",
        "/process/borrowing/water/sale",
    ):
        page.goto(address)
        assert (address, blemishes(page)) == (address, [])
