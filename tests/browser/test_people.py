"""People, shifts and one's own page, as a head of sales works with them."""

import pytest
from playwright.sync_api import expect

from voronka.staff.models import Person, Shift
from voronka.testing.browser import PHONE, axe_faults, blemishes, overflow

pytestmark = pytest.mark.browser
PAGES = (
    "/settings/people",
    "/settings/roles",
    "/settings/teams",
    "/settings/shifts",
    "/settings/locations",
    "/profile",
)


def test_a_new_manager_is_let_in_works_and_is_switched_off(cast, open_page):
    head = open_page("/settings/people", person=cast.head)
    head.get_by_role("link", name="Пригласить").click()
    dialog = head.locator("dialog#dialog")
    dialog.get_by_label("Имя").fill("Юлия Мороз")
    dialog.get_by_role("button", name="Пригласить").click()
    expect(dialog.locator("#id-role-err")).to_be_visible()
    expect(dialog.get_by_label("Имя")).to_have_value("Юлия Мороз")
    dialog.get_by_label("Роль", exact=True).select_option(label="Менеджер")
    dialog.get_by_label("Почта").fill("julia@voronka.example")
    dialog.get_by_label("Час Икс").check()
    dialog.get_by_role("button", name="Пригласить").click()
    word = dialog.locator(".v-pass")
    expect(word).to_be_visible()
    password = word.inner_text()
    dialog.get_by_role("link", name="Готово").click()
    expect(head.locator("tr.is-on")).to_contain_text("Юлия Мороз")
    expect(head.locator(".v-sees")).to_contain_text("Неразобранное бренда")

    newcomer = open_page("/sign-in")
    newcomer.get_by_label("Почта").fill("julia@voronka.example")
    newcomer.get_by_label("Пароль").fill(password)
    newcomer.get_by_role("button", name="Войти").click()
    newcomer.wait_for_url("**/day")

    head.on("dialog", lambda question: question.accept())
    head.get_by_role("button", name="Отключить").click()
    expect(head.locator("tbody")).not_to_contain_text("Юлия Мороз")
    newcomer.goto("/notices")
    newcomer.wait_for_url("**/sign-in?next=/notices")


def test_the_head_finds_no_way_to_more_rights(cast, open_page):
    head = open_page(f"/settings/people?person={cast.director.pk}", person=cast.head)
    expect(head.get_by_role("complementary", name="Выбранный человек")).to_contain_text("права, которых нет у вас")
    expect(
        head.get_by_role("complementary", name="Выбранный человек").get_by_role("link", name="Изменить")
    ).to_have_count(0)
    head.get_by_role("link", name="Пригласить").click()
    expect(head.locator("dialog").get_by_label("Роль", exact=True)).not_to_contain_text("Директор")


def test_shifts_by_rhythm_and_by_hand_without_leaving_the_page(cast, open_page):
    head = open_page("/settings/shifts", person=cast.head)
    head.get_by_role("link", name="По графику").click()
    dialog = head.locator("dialog#dialog")
    dialog.get_by_label("Кто").select_option(label=cast.owner.name)
    dialog.get_by_role("button", name="Запланировать").click()
    row = head.locator("#shift-grid tr", has_text=cast.owner.name)
    expect(row.locator(".v-shift").first).to_be_visible()
    expect(dialog).to_have_count(0)
    assert Shift.objects.filter(person=cast.partner).exists()
    before = row.locator(".v-shift").count()
    row.get_by_role("button", name="Снять").first.click()
    expect(row.locator(".v-shift")).to_have_count(before - 1)
    row.get_by_role("link", name="Добавить смену").first.click()
    expect(dialog.get_by_label("Кто")).to_have_value(str(cast.owner.pk))
    dialog.get_by_label("Начало").fill("12:30")
    dialog.get_by_role("button", name="Запланировать").click()
    expect(row).to_contain_text("12:30–21")


def test_one_s_own_page(cast, open_page):
    page = open_page("/profile", person=cast.owner)
    page.locator("#id-theme").select_option("dark")
    page.get_by_label("Имя").fill("Мария Тен-Крылова")
    page.locator('form[action="/profile"]').get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert Person.objects.get(pk=cast.owner.pk).name == "Мария Тен-Крылова"
    page.locator(".v-me").click()
    with page.expect_response("**/theme"):
        page.locator("#me-menu").get_by_role("button", name="Светл").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("path", PAGES)
def test_looks_at_three_widths(cast, open_page, path):
    assert blemishes(open_page(path, person=cast.director)) == []


def test_the_dialogs_are_clean_on_a_phone(cast, open_page):
    page = open_page("/settings/people", person=cast.director, size=PHONE)
    page.get_by_role("link", name="Пригласить").click()
    expect(page.locator("dialog#dialog")).to_be_visible()
    assert overflow(page) <= 0
    assert axe_faults(page) == []
