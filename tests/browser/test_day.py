"""My day as a manager lives it: by keyboard alone, live, on a phone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from voronka.clients.models import Note
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.browser import DESKTOP, PHONE, TABLET, ZONE, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def only_task(office: Office, name: str, title: str, *, minutes: int = 30) -> Deal:
    """A deal whose one open task is this."""
    deal = office.deal(name)
    for task in Task.objects.filter(deal=deal, done_at=None):
        complete_task(task.pk, by=office.cast.owner.actor, result="готово")
    if title:
        office.step(deal, title, hours=minutes / 60)
    return deal


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def test_the_day_by_keyboard_alone(office: Office, open_page) -> None:
    """WP-2: choose, done with a result, undo by toast, put off by П and a digit, open the deal by Enter."""
    TaskKind.objects.filter(key="call").update(result_required=True)
    only_task(office, "Ирина Соколова", "Позвонить Ирине", minutes=10)
    only_task(office, "Павел Рыбаков", "Позвонить Павлу", minutes=20)
    page = online(open_page("/day", person=office.cast.owner))
    rows = page.locator("#day-work [id^=task-]")
    expect(rows).to_have_count(2)

    page.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press(" ")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Позвонить Ирине")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[aria-invalid=true]")).to_be_focused()
    page.keyboard.type("Придут в субботу")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(rows).to_have_count(1)
    assert Task.objects.get(title="Позвонить Ирине").result == "Придут в субботу"

    # the row that took its place is chosen now
    expect(rows.nth(0)).to_have_class("v-todo is-on")
    page.keyboard.press("g")  # the key of «П»
    expect(page.locator("dialog[open]")).to_contain_text("Позвонить Павлу")
    page.keyboard.press("3")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".v-toast")).to_contain_text(["Перенесено"])
    assert Task.objects.get(title="Позвонить Павлу").due_at > clock.now() + timedelta(hours=2)


def choose(page: Page, row, key: str) -> None:
    """Walk until the row is chosen, as the eye does."""
    for _step in range(20):
        if "is-on" in (row.get_attribute("class") or ""):
            return
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    expect(row).to_be_focused()


def test_a_morning_without_a_mouse(office: Office, open_page) -> None:
    """Take, note, next step, done with a result, put off by one key, the help, open the deal: no pointer at all."""
    inquiry = office.inquiry("Лена Котова")
    only_task(office, "Ирина Соколова", "Позвонить Ирине", minutes=20)
    later = only_task(office, "Павел Рыбаков", "Позвонить Павлу", minutes=40)
    page = online(open_page("/day", person=office.cast.owner))
    press, dialog = page.keyboard.press, page.locator("dialog[open]")

    press("?")
    expect(dialog).to_contain_text("На выбранной строке")
    press("Escape")
    expect(dialog).to_have_count(0)
    choose(page, page.locator(f"#wait-{inquiry.pk}"), "j")
    press("d")  # the key of «В»
    expect(page.locator(f"#wait-{inquiry.pk}")).to_have_count(0)
    assert Deal.objects.get(pk=inquiry.pk).responsible == office.cast.owner

    row = page.locator("#day-work .v-todo", has_text="Позвонить Ирине")
    choose(page, row, "j")
    press("p")  # «З»
    expect(dialog).to_contain_text("Ирина Соколова")
    page.keyboard.type("Просит торт без орехов")
    press("Control+Enter")
    expect(dialog).to_have_count(0)
    assert Note.objects.get().text == "Просит торт без орехов"

    press("i")  # «Ш»
    dialog.get_by_label("Своими словами").focus()
    page.keyboard.type("Выслать смету")
    press("Control+Enter")
    expect(page.locator("#day-work")).to_contain_text("Выслать смету")
    expect(row).to_have_class("v-todo is-on")

    press("h")  # «Р»
    expect(dialog).to_contain_text("Позвонить Ирине")
    page.keyboard.type("Придут в субботу")
    press("Control+Enter")
    expect(row).to_have_count(0)
    assert Task.objects.get(title="Позвонить Ирине").result == "Придут в субботу"

    row = page.locator("#day-work .v-todo", has_text="Позвонить Павлу")
    choose(page, row, "k")
    press("2")
    expect(row).to_have_count(0)
    put_off = Task.objects.get(title="Позвонить Павлу").due_at.astimezone(ZoneInfo(ZONE))
    tomorrow = clock.now().astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    assert (put_off.date(), put_off.hour, put_off.minute) == (tomorrow, 10, 0)
    assert later.pk

    press("ArrowUp")
    press("Enter")
    expect(page.locator("#card[open]")).to_be_visible()
    press("Escape")
    expect(page.locator("#card[open]")).to_have_count(0)


def test_done_is_taken_back_by_the_toast(office: Office, open_page) -> None:
    deal = only_task(office, "Ирина Соколова", "")
    task = Task.objects.create(
        kind=TaskKind.objects.get(key="message"),
        title="Написать Ирине",
        deal=deal,
        company=deal.company,
        responsible=office.cast.owner,
        due_at=clock.now() + timedelta(minutes=15),
        created_at=clock.now(),
        audience=deal.audience,
    )
    page = online(open_page("/day", person=office.cast.owner))
    page.locator(f"#task-{task.pk} [data-done]").click()
    expect(page.locator(f"#task-{task.pk}")).to_have_count(0)
    page.locator(".v-toast button").first.click()
    expect(page.locator(f"#task-{task.pk}")).to_be_visible()
    task.refresh_from_db()
    assert task.done_at is None


def test_enter_opens_the_deal_over_the_day(office: Office, open_page) -> None:
    deal = only_task(office, "Ирина Соколова", "Позвонить Ирине")
    page = online(open_page("/day", person=office.cast.owner))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#card[open]")).to_contain_text("Ирина Соколова")
    assert page.url.endswith(f"/deals/{deal.pk}")
    page.keyboard.press("Escape")
    expect(page.locator("#card[open]")).to_have_count(0)
    assert page.url.endswith("/day")


def test_an_inquiry_comes_live_and_is_taken(office: Office, open_page) -> None:
    """IN-2: it appears by itself, the clock ticks; who takes it has it, on the other's day it is gone."""
    mine = online(open_page("/day", person=office.cast.owner))
    other = online(open_page("/day", person=office.cast.colleague))
    deal = office.inquiry("Лена Котова")
    row = f"#wait-{deal.pk}"
    expect(mine.locator(row)).to_contain_text("Лена Котова", timeout=3000)
    before = mine.locator(f"{row} .v-clock").text_content()
    expect(mine.locator(f"{row} .v-clock")).not_to_have_text(before, timeout=2500)
    expect(mine.locator("#day-work .v-day-top")).to_contain_text("Лена Котова")
    mine.locator(f"{row} [data-done]").click()
    expect(mine.locator(row)).to_have_count(0)
    expect(other.locator(row)).to_have_count(0, timeout=3000)
    assert Deal.objects.get(pk=deal.pk).responsible == office.cast.owner


def test_a_live_change_keeps_the_chosen_row(office: Office, open_page) -> None:
    only_task(office, "Ирина Соколова", "Первая", minutes=10)
    chosen = only_task(office, "Павел Рыбаков", "Вторая", minutes=20)
    page = online(open_page("/day", person=office.cast.owner))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    row = page.locator("#day-work .v-todo", has_text="Вторая")
    expect(row).to_have_class("v-todo is-on")
    only_task(office, "Новая Клиентка", "Самая срочная", minutes=2)
    expect(page.locator("#day-work")).to_contain_text("Самая срочная", timeout=3000)
    expect(row).to_have_class("v-todo is-on")
    assert chosen.pk


def test_one_field_after_another_is_mended(office: Office, open_page) -> None:
    deal = office.deal("Светлана Ким", stage="picked")
    page = open_page("/day", person=office.cast.owner)
    box = page.locator("#day-order")
    expect(box).to_contain_text("Дата игры")
    box.locator("#mend").fill("2026-12-01")
    box.get_by_role("button", name="Исправить дальше").click()
    expect(box.locator(".v-fix-t")).not_to_contain_text("Дата игры")
    assert Deal.objects.get(pk=deal.pk).fields["game_date"] == "2026-12-01"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["1440", "1024", "390"])
def test_the_day_fits_and_is_clean(office: Office, open_page, size, dark: bool) -> None:
    office.inquiry("Лена Котова")
    only_task(
        office,
        "ООО «Очень длинное название, которое никуда не влезает целиком»",
        "Отправить коммерческое предложение на корпоратив",
    )
    only_task(office, "Тимур Асланов", "")
    office.deal("Светлана Ким", stage="picked")
    with clock.freeze(clock.now() - timedelta(days=1)):
        only_task(office, "Павел Рыбаков", "Вчерашнее")
    page = online(open_page("/day", person=office.cast.owner, size=size, dark=dark))
    expect(page.locator("#day-order .v-fix")).to_be_visible()
    assert overflow(page) <= 0
    assert axe_faults(page) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
def test_the_answers_fit_and_are_clean(office: Office, open_page, size) -> None:
    office.deal("Ирина Соколова")
    page = open_page("/day/answers?period=day", person=office.cast.owner, size=size)
    expect(page.locator("table")).to_contain_text("вовремя")
    assert overflow(page) <= 0
    assert axe_faults(page) == []
