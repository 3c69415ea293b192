"""The card over the page, clocks, keys, menus."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from voronka.kernel import clock

from .hands import board
from .stage import Answer, Stage

CARD = '<header class="v-panel-h"><h1>Ирина Соколова</h1><button type="button" data-card-close aria-label="Закрыть">×</button></header><textarea name="t"></textarea>'


def test_the_card_opens_over_the_board_and_back_uncovers_it(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /deals/42"] = Answer(CARD)
    page.evaluate("document.querySelector('#tile-41').dataset.mark = 'the same board'")
    page.locator("#tile-42 .v-t2").click()
    expect(page.locator("#card h1")).to_have_text("Ирина Соколова")
    assert page.url.endswith("/deals/42")
    assert stage.requests("GET", "/deals/42")[0].headers["hx-target"] == "card"
    page.go_back()
    expect(page.locator("#card")).to_be_hidden()
    assert page.url.endswith("/board")
    expect(page.locator("#tile-41")).to_have_attribute("data-mark", "the same board")


def test_escape_closes_the_card_and_the_focus_returns_to_its_tile(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /deals/42"] = Answer(CARD)
    page.locator("#tile-42").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#tile-42")).to_be_focused()
    assert page.url.endswith("/board")


def test_unsaved_text_in_the_card_is_not_lost_without_asking(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /deals/42"] = Answer(CARD)
    page.locator("#tile-42 .v-t2").click()
    page.locator("#card textarea").fill("важное")
    questions: list[str] = []
    page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    page.locator("[data-card-close]").click()
    assert len(questions) == 1
    expect(page.locator("#card")).to_be_visible()


@pytest.mark.parametrize(("left", "tone"), [(250, ""), (60, "v-today"), (-84, "v-late")])
def test_the_clock_ticks_and_its_colour_says_how_near_the_limit_is(stage: Stage, left: int, tone: str) -> None:
    stage.open("form.html", due=clock.now() + timedelta(seconds=left))
    ticking = stage.page.locator("[data-due]")
    expect(ticking).to_have_class(re.compile(f"^v-clock v-num *{tone}$"))
    before = ticking.inner_text()
    assert before.startswith("−") == (left < 0)
    expect(ticking).not_to_have_text(before, timeout=4000)


def test_a_wrong_clock_of_the_computer_does_not_lie(stage: Stage) -> None:
    stage.page.add_init_script("const real = Date.now; Date.now = () => real() + 3600e3;")
    stage.page.add_init_script(
        "Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + 3600e3 });"
    )
    stage.open("form.html", due=clock.now() + timedelta(seconds=120))
    expect(stage.page.locator("[data-due]")).to_have_text(re.compile("^(2:00|1:5[0-9])$"))


def test_keys_work_in_both_layouts_but_not_while_typing(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    page.evaluate(
        """() => { const button = document.createElement("button"); button.dataset.key = "в"; button.textContent = "Взять";
        button.onclick = () => { window.taken = (window.taken ?? 0) + 1; }; document.querySelector("main").append(button); }"""
    )
    page.keyboard.press("d")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'в', bubbles: true }))")
    assert page.evaluate("window.taken") == 2
    page.locator("#plain input").focus()
    page.keyboard.press("d")
    assert page.evaluate("window.taken") == 2


def test_the_help_opens_by_its_key_and_closes(stage: Stage) -> None:
    stage.open("form.html")
    stage.page.keyboard.press("?")
    help_page = stage.page.locator("#keys-help")
    expect(help_page).to_be_visible()
    stage.page.keyboard.press("Escape")
    expect(help_page).to_be_hidden()


def test_a_menu_opens_beside_its_button_and_is_walked_by_arrows(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    button = page.locator('[popovertarget="me-menu"]')
    button.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#me-menu")
    expect(menu).to_be_visible()
    box, near = menu.bounding_box(), button.bounding_box()
    assert box and near
    assert box["x"] + box["width"] <= 1440
    assert abs(box["y"] - (near["y"] + near["height"])) < 10
    page.keyboard.press("ArrowDown")
    expect(menu.locator("a, button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_the_page_works_at_phone_width(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 390, "height": 844})
    page = board(stage)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".v-pbar")).to_be_visible()
    expect(page.locator(".v-rail")).to_be_hidden()
    page.locator('[popovertarget="more-menu"]').click()
    expect(page.locator("#more-menu")).to_be_visible()
