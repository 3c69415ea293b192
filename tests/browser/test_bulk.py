"""Bulk work as people do it: tick, look at what would change, do it, follow it, take it back."""

import pytest
from playwright.sync_api import expect

from voronka.deals.models import Deal
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
