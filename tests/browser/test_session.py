"""Signed out while working: the page says so, keeps what is typed and goes on after signing in."""

import pytest
from playwright.sync_api import expect

from voronka.clients.models import Note
from voronka.staff.actions import sign_out_elsewhere
from voronka.testing.browser import PHONE, overflow
from voronka.testing.cast import PASSWORD
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def test_what_is_typed_outlives_signing_in_again(office: Office, open_page) -> None:
    deal, owner = office.deal(), office.cast.owner
    page = open_page(f"/deals/{deal.pk}", person=owner, size=PHONE)
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    note = page.locator('form[hx-post$="/notes"]')
    note.locator("textarea").fill("Недописанное")
    sign_out_elsewhere(owner, by=owner.actor)
    told = page.locator("#signed-out")
    expect(told).to_contain_text("Вы вышли из Воронки")
    assert overflow(page) <= 0
    note.get_by_role("button", name="Записать").click()
    expect(note.locator("textarea")).to_have_value("Недописанное")
    with page.expect_popup() as opened:
        told.get_by_role("link", name="Войти").click()
    door = opened.value
    door.get_by_label("Почта").fill(owner.email)
    door.get_by_label("Пароль").fill(PASSWORD)
    door.get_by_role("button", name="Войти").click()
    door.wait_for_url("**/day")
    door.close()
    expect(told).not_to_be_visible(timeout=15_000)
    note.get_by_role("button", name="Записать").click()
    expect(note.locator("textarea")).to_have_value("")
    assert Note.objects.get().text == "Недописанное"
