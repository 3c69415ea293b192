"""The calendar by mouse, by keyboard and on a phone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from voronka.kernel import clock
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.browser import DESKTOP, PHONE, TABLET, ZONE, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
HERE = ZoneInfo(ZONE)


def next_monday(hour: int) -> datetime:
    now = clock.now().astimezone(HERE)
    day = now + timedelta(days=7 - now.weekday())
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def task(office: Office, title: str, due_at: datetime) -> Task:
    who = office.cast.owner
    return create_task(
        by=who.actor, kind=TaskKind.objects.get(key="other"), title=title, due_at=due_at, responsible=who
    )


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def press_long(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger lies still, then drags."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", start)
    page.wait_for_timeout(450)
    send("touchMove", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    send("touchMove", end)
    send("touchEnd")


def test_a_week_by_hand(office: Office, open_page) -> None:
    """Dragged to another day and hour, pulled longer, drawn new; moved by keys; everything is seen at once and kept."""
    monday = next_monday(11)
    made = task(office, "Встреча с лицеем", monday)
    page = online(open_page(f"/calendar?day={monday.date()}", person=office.cast.owner, size=DESKTOP))
    event = page.locator(f"#cal-task-{made.pk}")
    columns = page.locator("[data-col]")
    box, wednesday = event.bounding_box(), columns.nth(2).bounding_box()
    hour = wednesday["height"] / 24
    grab = (box["x"] + 40, box["y"] + 6)
    drag(page, grab, (wednesday["x"] + 40, grab[1] + 2 * hour))
    expect(page.locator(".v-toast")).to_contain_text(["Встреча с лицеем"])
    expect(columns.nth(2).locator(f"#cal-task-{made.pk}")).to_be_visible()
    made.refresh_from_db()
    assert made.due_at == monday + timedelta(days=2, hours=2)

    box = event.bounding_box()
    drag(page, (box["x"] + 40, box["y"] + box["height"] - 3), (box["x"] + 40, box["y"] + 1.5 * hour))
    expect(event).to_have_attribute("data-minutes", "90")
    event.focus()  # at once: nothing pressed is lost while the drag is still being sent
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(columns.nth(3).locator(f"#cal-task-{made.pk}[data-minutes='105']")).to_be_visible()
    expect(page.locator("#calendar:not([data-busy])")).to_be_attached()
    expect(page.locator(".v-toast")).to_have_count(3)
    expect(event).to_be_focused()
    made.refresh_from_db()
    assert (made.due_at, made.minutes) == (monday + timedelta(days=3, hours=2, minutes=15), 105)

    friday = columns.nth(4).bounding_box()
    y = event.bounding_box()["y"]
    drag(page, (friday["x"] + 30, y), (friday["x"] + 30, y + hour))
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Своими словами").fill("Собрать отчёт")
    dialog.get_by_role("button", name="Запланировать").click()
    expect(columns.nth(4).get_by_text("Собрать отчёт")).to_be_visible()
    drawn = Task.objects.get(title="Собрать отчёт")
    assert drawn.minutes == 60 and drawn.due_at.astimezone(HERE).date() == (monday + timedelta(days=4)).date()
    assert not axe_faults(page)


def test_a_month_an_agenda_and_no_overflow(office: Office, open_page) -> None:
    monday = next_monday(11)
    made = task(office, "Встреча с лицеем", monday)
    page = online(open_page(f"/calendar?view=month&day={monday.date()}", person=office.cast.owner, size=TABLET))
    event = page.locator(f"#cal-task-{made.pk}")
    cell = page.locator(f"[data-cell][data-day='{(monday + timedelta(days=1)).date()}']")
    box, to = event.bounding_box(), cell.bounding_box()
    drag(page, (box["x"] + 20, box["y"] + 8), (to["x"] + 20, to["y"] + 60))
    expect(cell.locator(f"#cal-task-{made.pk}")).to_be_visible()
    made.refresh_from_db()
    assert made.due_at == monday + timedelta(days=1), "another day, the same hour"
    box, to = event.bounding_box(), page.locator(f"[data-cell][data-day='{monday.date()}']").bounding_box()
    press_long(page, (box["x"] + 20, box["y"] + 8), (to["x"] + 20, to["y"] + 60))
    expect(page.locator(f"[data-cell][data-day='{monday.date()}'] #cal-task-{made.pk}")).to_be_visible()
    made.refresh_from_db()
    assert made.due_at == monday, "by a finger"
    assert overflow(page) == 0
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.reload()
    row = page.locator(".v-cal-agenda").get_by_role("link", name="Встреча с лицеем")
    row.click()
    expect(page.locator("dialog[open]")).to_contain_text("Встреча с лицеем")
    page.keyboard.press("Escape")
    assert overflow(page) == 0 and not axe_faults(page)
