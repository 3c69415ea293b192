"""The first page of an installation and the door, as people walk them."""

import pytest
from playwright.sync_api import expect

from voronka.kernel.models import Installation
from voronka.staff.models import Person
from voronka.testing.browser import blemishes
from voronka.testing.cast import PASSWORD

pytestmark = pytest.mark.browser


def test_from_an_empty_base_to_the_first_day(open_page):
    page = open_page("/first-run", timezone_id="Europe/Moscow")
    preview = page.locator("[data-preset=quests]")
    expect(preview).to_contain_text("Неразобранное")
    page.locator(".v-preset", has_text="Пустой").click()
    expect(preview).to_be_hidden()
    page.locator(".v-preset", has_text="Квесты").click()
    expect(page.get_by_label("Часовой пояс")).to_have_value("Europe/Moscow")
    page.get_by_label("Название компании").fill("Час Икс")
    page.get_by_label("Ваше имя").fill("Ирина Соболева")
    page.get_by_label("Почта").fill("irina@chas-iks.example")
    page.get_by_label("Пароль").fill("123")
    page.get_by_role("button", name="Начать работу").click()
    expect(page.locator("#id-password-err")).to_be_visible()
    expect(page.get_by_label("Название компании")).to_have_value("Час Икс")
    assert not Installation.objects.exists()
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Начать работу").click()
    page.wait_for_url("**/day")
    expect(page.locator(".v-me")).to_contain_text("Ирина Соболева")
    assert Person.objects.get().role.sees == "all"
    stranger = open_page("/first-run")
    expect(stranger.locator("h1")).not_to_contain_text("процесс")
    assert Person.objects.count() == 1


def test_the_first_page_at_three_widths(open_page):
    assert blemishes(open_page("/first-run")) == []


def test_signing_in_and_out(cast, open_page):
    page = open_page("/notices")
    page.wait_for_url("**/sign-in?next=/notices")
    page.get_by_label("Почта").fill(cast.owner.email)
    page.get_by_label("Пароль").fill("не тот")
    page.get_by_label("Пароль").press("Enter")
    expect(page.locator("#id-password-err")).to_contain_text("не подошли")
    expect(page.get_by_label("Почта")).to_have_value(cast.owner.email)
    expect(page.get_by_label("Пароль")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices")
    page.locator(".v-me").click()
    page.locator("#me-menu").get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/sign-in")
    page.goto("/notices")
    page.wait_for_url("**/sign-in?next=/notices")


def test_the_door_at_three_widths(cast, open_page):
    assert blemishes(open_page("/sign-in")) == []


def test_the_door_speaks_english_when_asked(cast, open_page):
    page = open_page("/sign-in?next=/notices")
    page.get_by_role("button", name="In English").click()
    expect(page.locator("h1")).to_have_text("Signing in")
    assert page.url.endswith("/sign-in?next=/notices")
    expect(page.get_by_role("button", name="По-русски")).to_be_visible()
