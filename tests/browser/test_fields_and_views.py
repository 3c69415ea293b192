"""Fields declared on screen, alternatives of a filter and saved views, as people use them."""

import re

import pytest
from playwright.sync_api import expect

from voronka.deals.models import Deal, FieldDef
from voronka.testing.browser import axe_faults
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def test_a_field_is_declared_and_filled(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page("/settings/fields/new", person=office.cast.director)
    page.get_by_label("Название").fill("Подарки")
    page.get_by_label("Тип").select_option("choices")
    for number, title in enumerate(("Шар", "Торт"), start=1):
        page.get_by_role("button", name="Добавить вариант").click()
        page.get_by_label(f"Вариант {number}").fill(title)
    page.get_by_role("button", name="Выше").nth(1).click()
    expect(page.get_by_label("Вариант 1")).to_have_value("Торт")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("link", name="Подарки", exact=True)).to_be_visible()
    page.goto(page.url.replace("/settings/fields", f"/deals/{deal.pk}"))
    page.locator("#field-podarki").click()
    page.get_by_role("checkbox", name="Торт").check()
    page.get_by_role("checkbox", name="Шар").check()
    page.keyboard.press("Enter")
    expect(page.locator("#field-podarki")).to_have_text("Торт, Шар")
    assert Deal.objects.get(pk=deal.pk).fields["podarki"] == ["tort", "shar"]
    row = FieldDef.objects.get(key="podarki")
    page.goto(page.url.replace(f"/deals/{deal.pk}", f"/settings/fields/{row.pk}"))
    page.get_by_label("Тип").select_option("number")
    expect(page.get_by_role("status").filter(has_text="Торт, Шар")).to_be_visible()


def test_a_filter_with_alternatives_becomes_a_tab(office: Office, open_page) -> None:
    for name, amount in (("Павел Рыбаков", 20000), ("Инна Щербакова", 5000), ("Олег Зотов", 100)):
        Deal.objects.filter(pk=office.deal(name).pk).update(amount=amount)
    page = open_page("/deals?filter=" + '["amount",">=",10000]' + "&edit=new", person=office.cast.owner)
    page.get_by_role("link", name="или…").click()
    with page.expect_response("**/filter/condition*"):
        page.get_by_label("Оператор").select_option("<")
    expect(page.locator("#draft:not(.htmx-request)")).to_be_visible()
    page.get_by_label("Значение").fill("1000")
    page.keyboard.press("Tab")
    expect(page.locator("#draft")).to_contain_text("останется 2 сделки")
    page.get_by_role("button", name="Добавить условие").click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.get_by_role("link", name="Закрыть").click()
    page.get_by_role("link", name="Сохранить вид").click()
    page.get_by_label("Название").fill("Крайние")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    tab = page.locator("#saved-views .v-tab")
    expect(tab).to_have_text(re.compile(r"Крайние\s+2"))
    expect(tab).to_have_attribute("aria-current", "true")
    page.goto(page.url.split("/deals")[0] + "/board?funnel=first")
    expect(tab).to_have_text(re.compile(r"Крайние\s+2"))
    tab.click()
    expect(page.locator(".v-chip")).to_contain_text("или")
    page.get_by_role("button", name="Виды", exact=True).click()
    page.get_by_role("link", name="Все виды").click()
    page.get_by_role("button", name="Удалить «Крайние»").click()
    expect(tab).to_have_count(0)
    page.get_by_role("button", name="Закрыть").click()
    page.locator(".v-toast button").first.click()
    expect(tab).to_have_text(re.compile(r"Крайние\s+2"))
