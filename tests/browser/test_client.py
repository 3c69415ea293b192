"""Clients as people work with them: found, read, edited in place, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from voronka.clients.actions import add_contact, add_note, add_requisites, change_company
from voronka.testing.browser import blemishes
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def edit(page: Page, field: str, text: str, box: str = "input") -> None:
    page.locator(f"#{field}").click()
    page.locator(f"#{field} {box}").fill(text)
    page.locator("h1").click()


def test_a_client_is_found_and_opened(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    office.deal("Инна Щербакова")
    page = open_page("/clients", person=office.cast.owner)
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Найти клиента").fill("hs,frjd")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".v-readas")).to_contain_text("рыбаков")
    page.get_by_role("link", name="Павел Рыбаков").click()
    expect(page).to_have_url(re.compile(rf"/clients/{deal.company_id}$"))
    expect(page.get_by_role("link", name="+7 921 555-00-01").first).to_have_attribute("href", "tel:+79215550001")
    page.locator("#client-work .v-cdeal").click()
    expect(page.locator("#card")).to_be_visible()


def test_fields_in_place_with_a_way_back(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = open_page(f"/clients/{deal.company_id}", person=office.cast.owner)
    comment = f"clients-{deal.company_id}-comment"
    edit(page, comment, "Любит торт", box="textarea")
    expect(page.locator(f"#{comment}")).to_have_text("Любит торт")
    page.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(page.locator(f"#{comment}")).not_to_have_text("Любит торт")
    name = f"contacts-{deal.contact_id}-name"
    edit(page, name, "")
    expect(page.locator(".v-err[role=alert]")).to_contain_text("Напишите имя")
    page.locator(f"#{name} input").fill("Павел Петрович Рыбаков")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{name}")).to_have_text("Павел Петрович Рыбаков")


def test_two_people_in_one_card_lose_nothing(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = online(open_page(f"/clients/{deal.company_id}", person=office.cast.owner))
    comment = page.locator(f"#clients-{deal.company_id}-comment")
    comment.click()
    comment.locator("textarea").fill("Моё")
    change_company(deal.company_id, by=office.cast.partner.actor, values={"comment": "Чужое"})
    page.locator("h1").click()
    expect(page.get_by_text("Somebody").or_(page.get_by_text("изменил"))).not_to_have_count(0)
    page.get_by_role("button", name=re.compile("Чужое")).click()
    expect(comment).to_have_text("Чужое")


def test_a_person_a_phone_and_requisites_are_added(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = open_page(f"/clients/{deal.company_id}", person=office.cast.owner)
    page.locator("#client-people").get_by_role("link", name="Добавить", exact=True).click()
    dialog = page.get_by_role("dialog", name="Ещё один человек")
    dialog.get_by_label("Имя").fill("Тимофей")
    dialog.get_by_label("Телефон").fill("12")
    dialog.get_by_role("button", name="Добавить").click()
    expect(dialog.locator("#id-phone-err")).to_contain_text("Это не похоже на номер")
    expect(dialog.get_by_label("Имя")).to_have_value("Тимофей")
    dialog.get_by_label("Телефон").fill("8 921 338 40 17")
    dialog.get_by_role("button", name="Добавить").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("#client-people")).to_contain_text("Тимофей")
    expect(page.locator("#client-people")).to_contain_text("+7 921 338-40-17")
    page.locator("#client-details").get_by_role("link", name="Добавить").last.click()
    dialog = page.get_by_role("dialog", name="Реквизиты")
    dialog.get_by_label("Полное название").fill("ООО «Вектор»")
    dialog.get_by_label("ИНН").fill("7707083894")
    dialog.get_by_role("button", name="Добавить").click()
    expect(dialog.locator("#id-inn-err")).to_contain_text("последние цифры")
    dialog.get_by_label("ИНН").fill("7707083893")
    dialog.get_by_role("button", name="Добавить").click()
    expect(page.locator("#client-details")).to_contain_text("7707083893")


def test_a_phone_is_removed_after_a_question(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = open_page(f"/clients/{deal.company_id}", person=office.cast.owner)
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Убрать +7 921 555-00-01").click()
    expect(page.locator("#client-people")).not_to_contain_text("555-00-01")


def test_a_note_is_written_and_seen_live_by_a_colleague(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = open_page(f"/clients/{deal.company_id}", person=office.cast.owner)
    partner = online(open_page(f"/clients/{deal.company_id}", person=office.cast.partner))
    page.locator(".v-cnote textarea").fill("Перезвонить после шести")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#client-story")).to_contain_text("Перезвонить после шести")
    expect(page.locator(".v-cnote textarea")).to_have_value("")
    expect(partner.locator("#client-story")).to_contain_text("Перезвонить после шести", timeout=3000)


def test_a_new_client_by_hand(office: Office, open_page) -> None:
    page = open_page("/clients", person=office.cast.owner)
    page.get_by_role("link", name="Новый клиент").first.click()
    dialog = page.get_by_role("dialog", name="Новый клиент")
    dialog.get_by_role("button", name="Завести клиента").click()
    expect(dialog.locator("#id-name-err")).to_be_visible()
    dialog.get_by_label("Имя").fill("Ольга Фёдорова")
    dialog.get_by_label("Телефон").fill("8 921 338 40 17")
    dialog.get_by_role("button", name="Завести клиента").click()
    expect(page.locator("h1")).to_have_text("Ольга Фёдорова")


def test_looks_at_three_widths(office: Office, open_page) -> None:
    deal = office.deal("ООО «Научно-производственное объединение Вектор Строй»")
    by = office.cast.owner.actor
    add_contact(deal.company, by=by, name="Тимофей", is_child=True)
    add_requisites(deal.company_id, by=by, values={"name": "ООО «Вектор»", "inn": "7707083893"})
    add_note(deal.company_id, by=by, text="заметка " * 20)
    page = open_page("/clients", person=office.cast.owner)
    assert blemishes(page) == []
    page.goto(f"/clients/{deal.company_id}")
    assert blemishes(page) == []
