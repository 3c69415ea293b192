"""Bulk work as people do it: tick, look at what would change, do it, follow it, take it back."""

import pytest
from playwright.sync_api import expect

from voronka.deals.actions import save_template
from voronka.deals.models import Deal
from voronka.messages.models import Message
from voronka.testing.browser import axe_faults
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def test_rows_are_ticked_handed_over_and_taken_back(office: Office, open_page, live_worker) -> None:
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    page = open_page("/deals?sort=number", person=office.cast.head)
    boxes = page.locator("tbody [data-check]")
    boxes.first.click()
    boxes.last.click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.get_by_role("button", name="Передать…").click()
    page.get_by_label("Кому").select_option(label="Дмитрий Лосев")
    expect(page.locator(".v-chgs li")).to_have_count(3)
    assert axe_faults(page) == []
    page.get_by_role("button", name="Передать 3 сделки").click()
    expect(page.locator("#bulk-pre")).to_contain_text("Изменены 3 сделки", timeout=20_000)
    assert set(Deal.objects.values_list("responsible__name", flat=True)) == {"Дмитрий Лосев"}
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator("#bulk-pre")).to_contain_text("Возвращены 3 сделки", timeout=20_000)
    assert set(Deal.objects.values_list("responsible__name", flat=True)) == {"Мария Тен"}
    assert len(deals) == 3


def test_drafts_are_prepared_from_a_template_and_sent_from_the_card(office: Office, open_page, live_worker) -> None:
    person = office.cast.owner
    deals = [office.deal("Ирина Соколова"), office.deal("Анна Белова"), office.deal("Без почты")]
    for deal, address in zip(deals, ("irina@example.ru", "anna@example.ru"), strict=False):
        deal.contact.identities.create(kind="email", value=address)
    save_template(by=person.actor, title="Зовём снова", text="{Имя}, ждём вас на {дата игры}", shared=False)
    page = open_page("/deals?sort=number", person=person)
    page.locator("[data-check-all]").check()
    page.get_by_role("button", name="Черновик…").click()
    page.get_by_label("Шаблон").select_option(label="Зовём снова")
    expect(page.get_by_label("Текст сообщения")).to_have_value("{Имя}, ждём вас на {дата игры}")
    page.get_by_label("Тема письма").fill("Квест")
    told = page.locator(".v-chgs")
    expect(told).to_contain_text("irina@example.ru")
    expect(told).to_contain_text("Анна, ждём вас на {дата игры}")
    expect(told.locator(".is-no")).to_contain_text("нет адреса")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Подготовить 2 черновика").click()
    expect(page.locator("#bulk-pre")).to_contain_text("Изменены 2 сделки", timeout=20_000)

    page.goto(f"/deals/{deals[0].pk}")
    letter = page.get_by_role("tabpanel", name="Черновик, почта")
    expect(letter.get_by_label("Тема письма")).to_have_value("Квест")
    text = letter.get_by_label("Кому: Ирина Соколова, irina@example.ru")
    letter.get_by_role("button", name="Отправить").click()
    expect(letter).to_contain_text("Сначала заполните: {дата игры}")
    text.fill("Ирина, ждём вас в субботу")
    page.get_by_role("tab", name="Заметка").click()
    page.get_by_role("tab", name="Черновик").click()
    expect(text).to_have_value("Ирина, ждём вас в субботу")
    letter.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("tab", name="Черновик")).to_have_count(0)
    sent = Message.objects.get(deal=deals[0])
    assert (sent.state != "draft", sent.text) == (True, "Ирина, ждём вас в субботу")
