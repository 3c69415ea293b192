"""What hands do on a board of the stage, and what the server answers to a move."""

from playwright.sync_api import Page, expect

from .stage import Answer, Stage, column, tile


def board(stage: Stage, **context: object) -> Page:
    first = column(1, "Взято в работу", [tile(41), tile(42), tile(43)])
    second = column(2, "Бронь подтверждена", [tile(51, stage=2)], on_drop="Спросим время игры")
    third = column(3, "Игра проведена", [], on_drop="Сначала нужна бронь")
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
