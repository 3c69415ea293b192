"""The scripts of the page, each against a played server: what a person does and what they then see."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from voronka.kernel import clock

from .stage import Answer, Asked, Stage, answer_json, column, tile


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    played = Stage(context.new_page())
    yield played
    context.close()
    assert played.troubles == []


def board(stage: Stage, **context: object) -> Page:
    first = column(1, "Взято в работу", [tile(41), tile(42), tile(43)])
    second = column(2, "Бронь подтверждена", [tile(51, stage=2)], on_drop="Спросим время игры")
    third = column(3, "Игра проведена", [], locked="Сначала нужна бронь")
    lost = column(9, "Отказ", [], kind="lost", on_drop="Спросим причину")
    stage.open("board.html", path="/board", columns=[first, second, third], slims=[lost], **context)
    return stage.page


def drag(page: Page, deal: int, stage_id: int, *, drop: bool = True) -> None:
    page.locator(f"#tile-{deal} .v-t2").hover()
    page.mouse.down()
    box = page.locator(f"#stage-{stage_id}").bounding_box()
    assert box
    x = box["x"] + box["width"] / 2
    for share in (0.25, 0.3, 0.35):
        page.mouse.move(x, box["y"] + box["height"] * share, steps=6)
        page.wait_for_timeout(60)
    if drop:
        page.mouse.up()


def in_column(page: Page, deal: int, stage_id: int) -> None:
    expect(page.locator(f"#stage-{stage_id} #tile-{deal}")).to_have_count(1)


def moved(stage: Stage, deal: int, to: int) -> Answer:
    return Answer(
        stage.part(
            '{% from "parts/deal.html" import tile with context %}{{ tile(t) }}', t=tile(deal, stage=to, age="0 с")
        )
    )


# ── board ──


def test_a_dropped_tile_stays_where_the_server_agrees(stage: Stage) -> None:
    page = board(stage)
    stage.answers["PUT /deals/42/stage"] = moved(stage, 42, 2)
    drag(page, 42, 2)
    in_column(page, 42, 2)
    expect(page.locator("#tile-42 .v-age")).to_have_text("0 с")
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


def test_a_colleagues_move_is_seen_and_flashes_once(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /board/tiles"] = moved(stage, 42, 2)
    stage.say(id=1, kind="deal.moved", deal=42, stage=2, stages=[1, 2], person=8)
    in_column(page, 42, 2)
    expect(page.locator("#tile-42")).to_have_class(re.compile("is-fresh"))
    expect(page.locator("#tile-42")).not_to_have_class(re.compile("is-fresh"), timeout=4000)


def test_a_new_inquiry_appears_and_one_that_left_disappears(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /board/tiles"] = lambda asked: moved(stage, 77, 1) if asked.query["ids"] == "77" else Answer("")
    stage.say(id=1, kind="deal.created", deal=77, stage=1, stages=[1], person=None)
    in_column(page, 77, 1)
    assert page.locator("#stage-1 .v-tile").first.get_attribute("id") == "tile-77"
    stage.say(id=2, kind="deal.assigned", deal=43, stage=1, stages=[1], person=8)
    expect(page.locator("#tile-43")).to_have_count(0)


def test_a_live_change_waits_while_the_tile_is_in_the_hand(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /board/tiles"] = Answer("")
    stage.answers["PUT /deals/42/stage"] = answer_json({"reason": "Сделку забрала Анна"}, 409)
    drag(page, 42, 2, drop=False)
    stage.say(id=1, kind="deal.assigned", deal=42, stage=1, stages=[1], person=8)
    page.wait_for_timeout(500)
    expect(page.locator("#tile-42")).to_have_count(1)
    page.mouse.up()
    expect(page.locator("#tile-42")).to_have_count(0, timeout=6000)


def test_after_a_gap_the_board_is_as_the_server_has_it(stage: Stage) -> None:
    page = board(stage)
    columns = [
        column(1, "Взято в работу", [tile(41), tile(44)]),
        column(2, "Бронь подтверждена", [tile(42, stage=2), tile(51, stage=2)]),
        column(3, "Игра проведена", []),
    ]
    stage.answers["GET /board"] = Answer(stage.render("board.html", columns=columns))
    stage.answers["GET /board/tiles"] = Answer("")
    stage.say(kind="resync")
    in_column(page, 44, 1)
    in_column(page, 42, 2)
    expect(page.locator("#tile-43")).to_have_count(0)
    expect(page.locator("#head-2 .v-n")).to_have_text("2")


def test_a_flood_of_changes_is_fetched_together(stage: Stage) -> None:
    page = board(stage)
    stage.answers["GET /board/tiles"] = lambda asked: Answer(
        "".join(moved(stage, int(deal), 2).body for deal in asked.query["ids"].split(","))
    )
    deals = [41, 42, 43, 51, *range(100, 130)]
    stage.say_all([{"kind": "deal.moved", "deal": deal, "stage": 2, "stages": [1, 2], "person": 8} for deal in deals])
    expect(page.locator("#stage-2 .v-tile")).to_have_count(34)
    assert len(stage.requests("GET", "/board/tiles")) <= 6


# ── live parts ──


def test_what_is_typed_survives_a_live_change_and_the_change_comes_on_leaving(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    fresh = '<div id="box" data-live="deal:42" data-live-url="/deals/42/box"><p>Стало</p><input name="note" aria-label="Заметка" value=""></div>'
    stage.answers["GET /deals/42/box"] = Answer(fresh)
    note = page.locator('#box input[name="note"]')
    note.type("пишу")
    stage.say(id=1, kind="deal.changed", deal=42, person=8)
    page.wait_for_timeout(500)
    expect(note).to_have_value("пишу")
    expect(note).to_be_focused()
    expect(page.locator("#box p")).to_have_text("Было")
    note.fill("")
    page.locator("h1").click()
    expect(page.locator("#box p")).to_have_text("Стало", timeout=5000)


def test_many_messages_make_few_requests(stage: Stage) -> None:
    stage.open("form.html")
    stage.answers["GET /deals/42/box"] = Answer(
        '<div id="box" data-live="deal:42" data-live-url="/deals/42/box"></div>'
    )
    stage.say_all([{"id": number, "kind": "deal.changed", "deal": 42, "person": 8} for number in range(20)])
    stage.page.wait_for_timeout(900)
    assert 1 <= len(stage.requests("GET", "/deals/42/box")) <= 3


def test_the_line_says_when_it_is_lost_and_heals_itself(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    stage.answers["GET /deals/42/box"] = Answer("", 204)
    expect(page.locator("#live")).not_to_have_class(re.compile("is-wait|is-off"))
    page.evaluate("window.streams.at(-1).fall()")
    expect(page.locator("#live")).to_have_class(re.compile("is-wait"))
    expect(page.locator("#live")).not_to_have_class(re.compile("is-wait|is-off"), timeout=4000)
    assert page.evaluate("window.streams.length") == 2


# ── fields in place ──

BUDGET = {
    "key": "budget",
    "label": "Бюджет",
    "value": "20000",
    "text": "до 20 000 ₽",
    "kind": "money",
    "url": "/deals/42/fields",
    "version": "7",
}
ROW = '{% from "parts/fields.html" import row with context %}{{ row(f) }}'


def budget_is_kept(stage: Stage) -> None:
    def answer(asked: Asked) -> Answer:
        value = asked.form["budget"]
        if not value.isdigit():
            return answer_json({"errors": {"budget": "Нужна сумма числом, например 18 000"}}, 422)
        return Answer(stage.part(ROW, f={**BUDGET, "value": value, "text": f"до {value} ₽", "version": "8"}))

    stage.answers["PATCH /deals/42/fields"] = answer


def test_a_field_is_saved_on_leaving_and_can_be_returned(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page
    budget_is_kept(stage)
    page.locator("#field-budget").click()
    box = page.get_by_role("textbox", name="Бюджет")
    expect(box).to_have_value("20000")
    box.fill("18000")
    page.locator("h1").click()
    expect(page.locator("#field-budget")).to_have_text("до 18000 ₽")
    asked = stage.requests("PATCH", "/deals/42/fields")[0].form
    assert asked == {"budget": "18000", "version": "7", "seen": "20000"}
    page.locator(".v-saved button").click()
    expect(page.locator("#field-budget")).to_have_text("до 20000 ₽")
    assert stage.requests("PATCH", "/deals/42/fields")[1].form["version"] == "8"


def test_a_wrong_value_stays_with_its_error_and_escape_restores(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page
    budget_is_kept(stage)
    page.locator("#field-budget").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("много")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Нужна сумма числом, например 18 000")).to_be_visible()
    box = page.get_by_role("textbox", name="Бюджет")
    expect(box).to_have_value("много")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#field-budget")).to_have_text("до 20 000 ₽")
    expect(page.locator("#field-budget")).to_be_focused()
    expect(page.locator(".v-err")).to_have_count(0)


def test_an_untouched_field_sends_nothing(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    stage.page.locator("#field-budget").click()
    stage.page.locator("h1").click()
    expect(stage.page.locator("#field-budget")).to_have_text("до 20 000 ₽")
    assert stage.requests("PATCH", "/deals/42/fields") == []


@pytest.mark.parametrize(("choice", "left"), [("mine", "до 18000 ₽"), ("theirs", "15000")])
def test_two_people_on_one_field_choose_between_both_values(stage: Stage, choice: str, left: str) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page

    def answer(asked: Asked) -> Answer:
        if asked.form["seen"] == "20000":
            return answer_json({"conflict": {"budget": ["15000", "18000"]}}, 409)
        return Answer(stage.part(ROW, f={**BUDGET, "value": "18000", "text": "до 18000 ₽"}))

    stage.answers["PATCH /deals/42/fields"] = answer
    page.locator("#field-budget").click()
    page.keyboard.type("18000")
    page.keyboard.press("Enter")
    buttons = page.locator('[data-note-of="field-budget"] button')
    expect(buttons).to_have_count(2)
    buttons.nth(1 if choice == "mine" else 0).click()
    expect(page.locator("#field-budget")).to_have_text(left)


def test_a_select_saves_by_choosing(stage: Stage) -> None:
    place = {
        "key": "place",
        "label": "Локация",
        "value": "a",
        "text": "«Сенная»",
        "kind": "select",
        "url": "/f",
        "options": [("a", "«Сенная»"), ("b", "«Петроградская»")],
    }
    stage.open("form.html", rows=[place])
    stage.answers["PATCH /f"] = Answer(stage.part(ROW, f={**place, "value": "b", "text": "«Петроградская»"}))
    stage.page.locator("#field-place").click()
    stage.page.get_by_role("combobox", name="Локация").select_option("b")
    expect(stage.page.locator("#field-place")).to_have_text("«Петроградская»")


# ── dialogs and forms ──

NEW = """{% from "parts/dialog.html" import dialog with context %}{% from "parts/form.html" import text with context %}
{% call dialog("Новая заявка", "/new", "Создать") %}{{ text("name", "Имя", value, error=error) }}{% endcall %}"""


def test_a_dialog_keeps_what_was_typed_on_error_and_closes_when_done(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    stage.answers["GET /new"] = Answer(stage.part(NEW, value="", error=""))

    def answer(asked: Asked) -> Answer:
        if asked.form["name"] == "Лена":
            return Answer("", 204, {"HX-Trigger": '{"toast": {"text": "Lena"}}'})
        return Answer(stage.part(NEW, value=asked.form["name"], error="Имя или телефон"), 422)

    stage.answers["POST /new"] = answer
    page.locator("#open").click()
    dialog = page.get_by_role("dialog", name="Новая заявка")
    expect(dialog.get_by_label("Имя")).to_be_focused()
    page.keyboard.type("?")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Имя или телефон")).to_be_visible()
    expect(dialog.get_by_label("Имя")).to_have_value("?")
    expect(dialog.get_by_label("Имя")).to_be_focused()
    dialog.get_by_label("Имя").fill("Лена")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator(".v-toast")).to_have_text("Lena")


def test_a_form_is_sent_once_however_often_it_is_pressed(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    page.route("**/things", lambda route: (page.wait_for_timeout(300), route.fallback()))
    stage.answers["POST /things"] = Answer("Записано")
    page.locator("#plain input").fill("Имя")
    button = page.locator("#plain button")
    button.dispatch_event("click")
    button.dispatch_event("click")
    page.locator("#plain input").press("Enter")
    expect(page.locator("#made")).to_have_text("Записано")
    expect(button).to_be_enabled()
    assert len(stage.requests("POST", "/things")) == 1


def test_errors_in_json_stand_beside_their_fields(stage: Stage) -> None:
    stage.open("form.html")
    stage.answers["POST /things"] = answer_json({"errors": {"name": "Такое имя уже есть"}}, 422)
    stage.page.locator("#plain input").fill("Имя")
    stage.page.keyboard.press("Enter")
    field = stage.page.locator("#plain input")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(stage.page.locator("#plain .v-err")).to_have_text("Такое имя уже есть")
    expect(field).to_have_value("Имя")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (answer_json({"reason": "Уже взяла Анна Крылова"}, 409), "Уже взяла Анна Крылова"),
        (Answer("<h1>Server Error (500)</h1>", 500), "(500)"),
    ],
)
def test_a_failure_is_told_in_words(stage: Stage, answer: Answer, text: str) -> None:
    stage.open("form.html")
    stage.answers["POST /things"] = answer
    stage.page.locator("#plain input").fill("Имя")
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator(".v-toast")).to_contain_text(text)
    expect(stage.page.locator("#made")).to_be_empty()


def test_a_draft_outlives_a_reload_and_is_forgotten_when_sent(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    stage.answers["POST /deals/42/notes"] = Answer("", 204)
    area = page.get_by_role("textbox", name="Заметка", exact=True).nth(1)
    area.fill("Аллергия на орехи")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(area).to_have_value("Аллергия на орехи")
    area.press("Control+Enter")
    expect(area).to_have_value("")
    page.reload()
    expect(area).to_have_value("")


def test_composer_tabs_carry_the_text_along(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    page.locator("#composer-note textarea").fill("Позвонить")
    page.get_by_role("tab", name="Задача").click()
    expect(page.locator("#composer-task textarea")).to_have_value("Позвонить")
    expect(page.locator("#composer-task textarea")).to_be_focused()
    expect(page.locator("#composer-note")).to_be_hidden()


# ── card over the page ──

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


# ── clocks, keys, menus, theme ──


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
