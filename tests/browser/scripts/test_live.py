"""Live changes: seen at once, never under the hands, and healed after a gap."""

import re

from playwright.sync_api import expect

from .hands import board, drag, in_column, moved
from .stage import Answer, Stage, answer_json, column, tile


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
