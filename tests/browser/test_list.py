"""The list of deals and the search as people use them: filter, order, live rows, keyboard, phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from voronka.deals.actions import assign_deal, move_deal
from voronka.deals.models import Deal
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
LIST = "/deals?funnel=first"


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def row(page: Page, deal: Deal):
    return page.locator(f"#deal-{deal.pk}")


def worth(deal: Deal, amount: int) -> Deal:
    Deal.objects.filter(pk=deal.pk).update(amount=amount)
    return deal


def test_a_filter_is_built_on_screen_and_stands_in_the_address(office: Office, open_page) -> None:
    """WP-3: each condition says how many it leaves; the address opens the same list for a colleague."""
    rich, poor = worth(office.deal("Павел Рыбаков"), 20000), worth(office.deal("Инна Щербакова"), 5000)
    page = open_page(LIST, person=office.cast.owner)
    page.get_by_role("link", name="Фильтр").click()
    page.get_by_label("Поле").select_option("amount")
    page.get_by_label("Значение").fill("10 000")
    page.keyboard.press("Tab")
    expect(page.locator("#draft")).to_contain_text("останется 1 сделка")
    page.get_by_role("button", name="Добавить условие").click()
    expect(row(page, rich)).to_be_visible()
    expect(row(page, poor)).to_have_count(0)
    expect(page.locator("#filter")).to_contain_text("10 000 ₽")
    expect(page.locator("#list-foot")).to_contain_text("1 сделка")
    page.get_by_role("link", name="Закрыть").click()
    expect(page.locator(".v-chip")).to_have_text("Сумма от 10 000 ₽")
    address = page.url
    other = open_page(address, person=office.cast.partner)
    expect(row(other, rich)).to_be_visible()
    expect(row(other, poor)).to_have_count(0)
    page.get_by_role("link", name="Убрать условие «Сумма»").click()
    expect(row(page, poor)).to_be_visible()
    page.go_back()
    expect(row(page, poor)).to_have_count(0)


def test_a_wrong_value_is_told_and_kept(office: Office, open_page) -> None:
    office.deal()
    page = open_page(f"{LIST}&edit=new", person=office.cast.owner)
    page.get_by_label("Поле").select_option("amount")
    page.get_by_label("Значение").fill("много")
    page.get_by_role("button", name="Добавить условие").click()
    expect(page.locator("#draft-err")).to_contain_text("нужно число")
    expect(page.get_by_label("Значение")).to_have_value("много")


def test_choices_of_several_values(office: Office, open_page) -> None:
    taken = office.deal("Павел Рыбаков")
    untaken = office.inquiry("Лена Котова")
    page = open_page(f"{LIST}&edit=new", person=office.cast.owner)
    page.get_by_role("checkbox", name="Неразобранное").check()
    expect(page.locator("#draft")).to_contain_text("останется 1 сделка")
    page.get_by_role("button", name="Добавить условие").click()
    expect(row(page, untaken)).to_be_visible()
    expect(row(page, taken)).to_have_count(0)


def test_a_row_changes_live_and_leaves_when_it_is_no_longer_mine(office: Office, open_page) -> None:
    """WP-8, AC-2: the stage changes before one's eyes; a deal handed over goes away with its figures."""
    deal = worth(office.deal("Павел Рыбаков"), 20000)
    page = online(open_page(LIST, person=office.cast.owner))
    colleague = online(open_page(LIST, person=office.cast.colleague))
    expect(row(page, deal)).to_contain_text("Взято в работу")
    expect(row(colleague, deal)).to_have_count(0)
    move_deal(deal.pk, by=office.cast.partner.actor, to=office.stage("picked"))
    expect(row(page, deal)).to_contain_text(office.stage("picked").title, timeout=3000)
    assign_deal(deal.pk, by=office.cast.head.actor, to=office.cast.colleague)
    expect(row(page, deal)).to_have_count(0, timeout=3000)
    expect(page.locator("#list-foot")).to_contain_text("0 сделок", timeout=3000)


def test_a_row_opens_the_card_and_back_returns_to_the_same_list(office: Office, open_page) -> None:
    deal = office.deal("Павел Рыбаков")
    page = open_page(f"{LIST}&sort=-amount", person=office.cast.owner)
    row(page, deal).locator(".v-c-number").click()
    expect(page.locator("#card h1")).to_contain_text("Павел Рыбаков")
    expect(page).to_have_url(re.compile(rf"/deals/{deal.pk}"))
    page.go_back()
    expect(page.locator("#card")).not_to_be_visible()
    expect(page).to_have_url(re.compile("sort=-amount"))


def test_a_filter_is_carried_over_to_the_board_and_back(office: Office, open_page) -> None:
    """WP-3: one filter over board and list; the board has the same editor."""
    rich, poor = worth(office.deal("Павел Рыбаков"), 20000), worth(office.deal("Инна Щербакова"), 5000)
    page = open_page("/board?funnel=first", person=office.cast.owner)
    page.get_by_role("link", name="Фильтр").click()
    page.get_by_label("Поле").select_option("amount")
    page.get_by_label("Значение").fill("10000")
    page.get_by_role("button", name="Добавить условие").click()
    expect(page.locator(f"#tile-{rich.pk}")).to_be_visible()
    expect(page.locator(f"#tile-{poor.pk}")).to_have_count(0)
    page.get_by_role("link", name="Закрыть").click()
    expect(page.locator(".v-chip")).to_have_text("Сумма от 10 000 ₽")
    page.get_by_role("link", name="Список").click()
    expect(row(page, rich)).to_be_visible()
    expect(row(page, poor)).to_have_count(0)
    page.get_by_role("link", name="Доска").click()
    expect(page.locator(f"#tile-{poor.pk}")).to_have_count(0)


def test_order_by_a_column(office: Office, open_page) -> None:
    small, large = worth(office.deal("Павел Рыбаков"), 100), worth(office.deal("Инна Щербакова"), 900)
    page = open_page(LIST, person=office.cast.owner)
    page.get_by_role("link", name="Сумма").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Сумма")
    expect(page.locator("tbody tr").first).to_have_id(f"deal-{small.pk}")
    page.get_by_role("link", name="Сумма").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Сумма")
    expect(page.locator("tbody tr").first).to_have_id(f"deal-{large.pk}")


def test_the_next_page_comes_by_itself(office: Office, open_page) -> None:
    for number in range(53):
        office.inquiry(f"Клиент {number}")
    page = open_page(LIST, person=office.cast.owner)
    expect(page.locator("tbody tr[data-row]")).to_have_count(50)
    page.locator(".v-pager").scroll_into_view_if_needed()
    expect(page.locator("tbody tr[data-row]")).to_have_count(53)
    expect(page.locator("#list-foot")).to_contain_text("53 сделки")


def test_the_list_by_keyboard(office: Office, open_page) -> None:
    office.deal("Павел Рыбаков")
    office.deal("Инна Щербакова")
    page = open_page(LIST, person=office.cast.owner)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("tr.is-on")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#card h1")).to_be_visible()


def test_search_by_keyboard_in_a_wrong_layout(office: Office, open_page) -> None:
    """WP-7: Ctrl+K, «bdfyjd», Enter."""
    deal = office.deal("Сергей Иванов")
    office.deal("Павел Рыбаков")
    page = open_page(LIST, person=office.cast.owner)
    page.keyboard.press("Control+k")
    page.keyboard.type("bdfyjd")
    found = page.locator("#finds")
    expect(found).to_contain_text("Раскладка не та, ищем «иванов»")
    expect(found.locator("[aria-selected=true]")).to_contain_text("Сергей Иванов")
    page.keyboard.press("ArrowDown")
    expect(found.locator("[aria-selected=true]")).to_contain_text(f"№{deal.pk}")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/clients/{deal.company_id}$"))


def test_search_shows_nothing_of_others(office: Office, open_page) -> None:
    deal = office.deal("Тайная Клиентка", by=office.cast.colleague)
    page = open_page(LIST, person=office.cast.owner)
    for typed in ("тайная", f"№{deal.pk}", "7921555"):
        page.locator("#find").fill(typed)
        expect(page.locator("#finds")).to_contain_text("Ничего не нашли")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["1440", "1024", "390"])
def test_nothing_overflows_and_axe_is_content(office: Office, open_page, size, dark) -> None:
    for name in ("Павел Рыбаков", "ООО «Научно-производственное объединение Вектор Строй»"):
        worth(office.deal(name), 96000)
    office.inquiry()
    page = open_page(LIST, person=office.cast.owner, size=size, dark=dark)
    assert overflow(page) <= 0
    assert axe_faults(page) == []
    page.goto(f"{LIST}&edit=new")
    assert overflow(page) <= 0
    assert axe_faults(page) == []
    page.goto("/search?q=павел")
    assert overflow(page) <= 0
    if size != PHONE:
        page.locator("#find").fill("павел")
        expect(page.locator("#finds [role=option]").first).to_be_visible()
    assert axe_faults(page) == []
