"""The tasks page in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from voronka.kernel import clock
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def task(office: Office, title: str, *, hours: float = 2, kind: str = "other", who=None) -> Task:
    who = who or office.cast.owner
    return create_task(
        by=who.actor,
        kind=TaskKind.objects.get(key=kind),
        title=title,
        due_at=clock.now() + timedelta(hours=hours),
        responsible=who,
    )


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def test_planned_done_and_undone(office: Office, open_page) -> None:
    page = online(open_page("/tasks", person=office.cast.owner))
    page.get_by_role("link", name="Запланировать задачу").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Своими словами").fill("Купить торт")
    dialog.get_by_label("Номер сделки").fill("9999999")
    dialog.get_by_role("button", name="Запланировать").click()
    expect(dialog.locator(".v-err")).to_contain_text("Такой сделки нет")
    expect(dialog.get_by_label("Своими словами")).to_have_value("Купить торт")
    dialog.get_by_label("Номер сделки").fill("")
    dialog.get_by_role("button", name="Запланировать").click()
    row = page.locator(".v-todo", has_text="Купить торт")
    expect(row).to_be_visible()
    made = Task.objects.get(title="Купить торт")
    TaskKind.objects.filter(pk=made.kind_id).update(result_required=False)
    page.reload()
    row.locator("[data-done]").click()
    expect(row).to_have_count(0)
    page.locator(".v-toast button").last.click()
    expect(row).to_be_visible()


def test_put_off_and_handed_over_from_the_menu(office: Office, open_page) -> None:
    made = task(office, "Проверить звук")
    page = online(open_page("/tasks", person=office.cast.owner))
    colleague = online(open_page("/tasks", person=office.cast.colleague))
    page.locator(f"#task-{made.pk} [popovertarget]").click()
    page.get_by_role("link", name="Перенести…").click()
    page.locator("dialog[open]").get_by_role("button", name="Через неделю").click()
    expect(page.locator("#part-later")).to_be_visible()
    page.locator(f"#task-{made.pk} [popovertarget]").click()
    page.get_by_role("link", name="Передать…").click()
    page.locator("dialog[open] select").select_option(label=office.cast.colleague.name)
    page.locator("dialog[open]").get_by_role("button", name="Передать").click()
    expect(page.locator(f"#task-{made.pk}")).to_have_count(0)
    expect(colleague.locator(f"#task-{made.pk}")).to_be_visible(timeout=3000)


def test_the_filter_stands_in_the_address(office: Office, open_page) -> None:
    task(office, "Позвонить Лене", kind="call")
    task(office, "Купить торт")
    page = open_page("/tasks", person=office.cast.owner)
    page.get_by_label("Вид задачи").select_option("call")
    expect(page.locator(".v-chip")).to_contain_text("Вид задачи")
    expect(page.locator(".v-todo")).to_have_count(1)
    page.reload()
    expect(page.locator(".v-todo")).to_have_count(1)
    page.locator(".v-chip .v-x").click()
    expect(page.locator(".v-todo")).to_have_count(2)


def test_more_rows_come_on_scroll(office: Office, open_page) -> None:
    for number in range(70):
        task(office, f"Дело {number}", hours=number + 1)
    page = open_page("/tasks", person=office.cast.owner)
    expect(page.locator(".v-todo")).to_have_count(50)
    page.locator(".v-pager").scroll_into_view_if_needed()
    expect(page.locator(".v-todo")).to_have_count(70)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["1440", "1024", "390"])
def test_tasks_fit_and_are_clean(office: Office, open_page, size, dark: bool) -> None:
    task(office, "Очень длинная задача, которую написали одним предложением и которая никуда не влезает", hours=-30)
    task(office, "Сегодня")
    task(office, "Чужая", who=office.cast.colleague, hours=50)
    page = online(open_page("/tasks?who=all", person=office.cast.head, size=size, dark=dark))
    expect(page.locator(".v-todo")).to_have_count(3)
    assert overflow(page) <= 0
    assert axe_faults(page) == []
    page.get_by_role("link", name="Запланировать задачу").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    assert axe_faults(page) == []
