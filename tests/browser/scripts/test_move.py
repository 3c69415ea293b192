"""The board: a drop, its refusal, its questions; by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from .hands import board, drag, in_column, moved
from .stage import Answer, Asked, Stage, answer_json


def test_a_dropped_tile_stays_where_the_server_agrees(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = moved(stage, 42, 2)
    drag(page, 42, 2)
    in_column(page, 42, 2)
    expect(page.locator("#tile-42 .v-age")).to_contain_text("0 с")
    asked = stage.requests("PUT", "/deals/42/stage")
    assert [one.form["stage"] for one in asked] == ["2"]
    assert asked[0].headers["x-csrftoken"] == "token-of-the-test"


def test_heads_tell_before_the_drop_what_a_column_will_do(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = moved(stage, 42, 2)
    drag(page, 42, 2, drop=False)
    expect(page.locator("#stage-2 .v-ruleline.is-ask")).to_have_text("Спросим время игры")
    expect(page.locator("#stage-3 .v-ruleline")).to_have_text("Сначала нужна бронь")
    expect(page.locator("#stage-2")).to_have_class(re.compile("is-target"))
    page.mouse.up()
    expect(page.locator(".v-ruleline")).to_have_count(0)


def test_hints_of_the_very_deal_replace_those_of_the_column(stage: Stage) -> None:
    page = board(stage, hints=True)
    stage.answers["GET /deals/42/moves"] = answer_json({"stages": {"2": {"locked": "Нет телефона"}, "3": {}}})
    stage.answers["PUT /deals/42/stage"] = answer_json({"reason": "Нет телефона"}, 409)
    drag(page, 42, 2, drop=False)
    expect(page.locator("#stage-2 .v-ruleline")).to_have_text("Нет телефона")
    expect(page.locator("#stage-3 .v-ruleline")).to_have_count(0)
    page.mouse.up()


def test_a_forbidden_move_flies_back_and_wears_the_reason_until_the_next_click(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = answer_json(
        {"reason": "В этой воронке только вперёд.", "rule": "Назад нельзя"}, 409
    )
    drag(page, 42, 3)
    expect(page.locator("#tile-42 .v-why")).to_have_text("Назад нельзя. В этой воронке только вперёд.")
    in_column(page, 42, 1)
    order = page.locator("#stage-1 .v-tile").evaluate_all("tiles => tiles.map(tile => tile.id)")
    assert order == ["tile-41", "tile-42", "tile-43"]
    page.locator("h1").click()
    expect(page.locator(".v-why")).to_have_count(0)


def test_without_connection_the_tile_goes_back_and_says_so(stage: Stage) -> None:
    page = board(stage)
    page.route("**/deals/42/stage", lambda route: route.abort())
    drag(page, 42, 2)
    expect(page.locator("#tile-42 .v-why")).to_be_visible()
    in_column(page, 42, 1)


DIALOG = """{% from "parts/dialog.html" import dialog with context %}{% from "parts/form.html" import text with context %}
{% call dialog("«Бронь подтверждена»", "/deals/42/stage", "Подтвердить", method="put", back="Вернуть на место", move=2, deal=42) %}
<input type="hidden" name="stage" value="2">{{ text("time", "Время", error=error) }}{% endcall %}"""


def asks_for_time(stage: Stage) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.form.get("time") == "16:00":
            return moved(stage, 42, 2)
        error = "Занято. Свободно 12:00 и 18:00" if "time" in asked.form else ""
        return answer_json({"dialog_html": stage.part(DIALOG, error=error)}, 422)

    stage.answers["PUT /deals/42/stage"] = answer


def test_a_move_that_lacks_data_asks_for_it_and_goes_through(stage: Stage) -> None:
    page = board(stage)
    asks_for_time(stage)
    drag(page, 42, 2)
    dialog = page.get_by_role("dialog", name="«Бронь подтверждена»")
    expect(dialog.get_by_label("Время")).to_be_focused()
    dialog.get_by_label("Время").fill("15:00")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Занято. Свободно 12:00 и 18:00")).to_be_visible()
    expect(dialog.get_by_label("Время")).to_be_focused()
    dialog.get_by_label("Время").fill("16:00")
    dialog.get_by_role("button", name="Подтвердить").click()
    expect(dialog).to_have_count(0)
    in_column(page, 42, 2)


@pytest.mark.parametrize("way", ["button", "escape"])
def test_a_move_taken_back_from_its_dialog_returns_the_tile(stage: Stage, way: str) -> None:
    page = board(stage)
    asks_for_time(stage)
    drag(page, 42, 2)
    dialog = page.get_by_role("dialog", name="«Бронь подтверждена»")
    expect(dialog).to_be_visible()
    if way == "button":
        dialog.get_by_role("button", name="Вернуть на место").click()
    else:
        page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    in_column(page, 42, 1)
    expect(page.locator(".v-why")).to_have_count(0)


def test_a_lost_deal_leaves_the_board(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = Answer("")
    drag(page, 42, 9)
    expect(page.locator("#tile-42")).to_have_count(0)


def test_tiles_move_by_keyboard_alone(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = moved(stage, 42, 2)
    page.locator("#tile-41").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#tile-42")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    in_column(page, 42, 2)
    expect(page.locator("#tile-42")).to_be_focused()


def test_the_move_menu_lists_the_stages_with_what_they_ask(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = moved(stage, 42, 2)
    page.locator("#tile-42").focus()
    page.keyboard.press("m")
    menu = page.locator("#move-menu")
    expect(menu.get_by_role("button", name="Взято в работу")).to_be_disabled()
    menu.get_by_role("button", name="Бронь подтверждена").click()
    in_column(page, 42, 2)
